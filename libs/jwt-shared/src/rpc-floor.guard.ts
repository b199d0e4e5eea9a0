import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { carrierOf } from './contexts/call.js';
import { VerifiedAccessToken } from './token/verified-access-token.js';

/** Injection token of the guard of the application. */
export const APPLICATION_GUARD = Symbol('APPLICATION_GUARD');

/** Nest's own names of what it keeps on controllers and handlers of messages. */
const GUARDS = '__guards__';
const PATTERN = 'microservices:pattern';

/**
 * Guards the messages of a hybrid application that was connected without `inheritAppConfig`: Nest gives its
 * microservice none of the global guards, so that every handler would answer anyone. Where the global guard has let a
 * message in already, there is nothing more to do.
 */
@Injectable()
export class RpcFloorGuard implements CanActivate {
  /** @param guard absent in another application of the process that has the same controllers, and no guard of ours */
  constructor(@Optional() @Inject(APPLICATION_GUARD) private readonly guard?: CanActivate) {}

  canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
    if (context.getType<string>() !== 'rpc' || this.guard === undefined) return true;
    const user = carrierOf(context)?.user;
    const isLetIn = user !== undefined && VerifiedAccessToken.keyOf(user) !== undefined;
    return isLetIn || this.guard.canActivate(context);
  }
}

/**
 * Puts {@link RpcFloorGuard} on every controller of an application that handles messages. To be called while modules
 * are made: `connectMicroservice()` reads the guards of controllers at once.
 */
export function layRpcFloor(modules: ModulesContainer): void {
  const owner = [...modules.values()].find(({ providers }) => providers.has(RpcFloorGuard));
  const floor = owner?.providers.get(RpcFloorGuard);
  if (floor === undefined) return;
  for (const module of modules.values()) {
    for (const { metatype } of module.controllers.values()) {
      if (!isClass(metatype) || !handlesMessages(metatype)) continue;
      const guards = (Reflect.getMetadata(GUARDS, metatype) as unknown[] | undefined) ?? [];
      if (!guards.includes(RpcFloorGuard))
        Reflect.defineMetadata(GUARDS, [RpcFloorGuard, ...guards], metatype);
      // A guard on a controller is looked for in the controller's own module.
      module.injectables.set(RpcFloorGuard, floor);
    }
  }
}

function handlesMessages({ prototype }: Type): boolean {
  for (
    let level = prototype as object | null;
    level !== null;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    const methods = Object.values(Object.getOwnPropertyDescriptors(level)).map(
      ({ value }) => value as unknown,
    );
    if (methods.some((method) => typeof method === 'function' && Reflect.hasMetadata(PATTERN, method)))
      return true;
  }
  return false;
}

function isClass(metatype: unknown): metatype is Type {
  return typeof metatype === 'function' && metatype.prototype !== undefined;
}
