import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { carrierOf, wasChecked } from './contexts/call.js';
import { VerifiedAccessToken } from './token/verified-access-token.js';

/** Injection token of the guard of the application. */
export const APPLICATION_GUARD = Symbol('APPLICATION_GUARD');

/** Nest's own names of what it keeps on controllers and handlers of messages. */
const GUARDS = '__guards__';
const PATTERN = 'microservices:pattern';
const IS_GATEWAY = 'websockets:is_gateway';

/**
 * Guards the messages that Nest gives no global guard: those of a hybrid application that was connected without
 * `inheritAppConfig`, and before NestJS 12 those of every WebSocket gateway. Their handlers would answer anyone. Where
 * the global guard has let a message in already, there is nothing more to do.
 */
@Injectable()
export class MessageFloorGuard implements CanActivate {
  /** @param guard absent in another application of the process that has the same controllers, and no guard of ours */
  constructor(@Optional() @Inject(APPLICATION_GUARD) private readonly guard?: CanActivate) {}

  canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
    const type = context.getType<string>();
    if ((type !== 'rpc' && type !== 'ws') || this.guard === undefined) return true;
    // A WebSocket lives on after a message, and its user with it, so that says nothing of this one.
    if (type === 'ws') return wasChecked(context) || this.guard.canActivate(context);
    const user = carrierOf(context)?.user;
    const isLetIn = user !== undefined && VerifiedAccessToken.keyOf(user) !== undefined;
    return isLetIn || this.guard.canActivate(context);
  }
}

/**
 * Puts {@link MessageFloorGuard} on every controller and gateway of an application that handles messages. To be called
 * while modules are made: `connectMicroservice()` reads the guards of controllers at once.
 */
export function layMessageFloor(modules: ModulesContainer): void {
  const owner = [...modules.values()].find(({ providers }) => providers.has(MessageFloorGuard));
  const floor = owner?.providers.get(MessageFloorGuard);
  if (floor === undefined) return;
  for (const module of modules.values()) {
    const controllers = classesOf(module.controllers).filter((type) => handlesMessages(type));
    const gateways = classesOf(module.providers).filter((type) => Reflect.hasMetadata(IS_GATEWAY, type));
    for (const type of [...controllers, ...gateways]) {
      const guards = (Reflect.getMetadata(GUARDS, type) as unknown[] | undefined) ?? [];
      if (!guards.includes(MessageFloorGuard))
        Reflect.defineMetadata(GUARDS, [MessageFloorGuard, ...guards], type);
      // A guard on a class is looked for in the module of that class.
      module.injectables.set(MessageFloorGuard, floor);
    }
  }
}

function handlesMessages({ prototype }: Type): boolean {
  for (let level = prototype as object | null; level; level = Object.getPrototypeOf(level) as object | null) {
    for (const { value } of Object.values<PropertyDescriptor>(Object.getOwnPropertyDescriptors(level)))
      if (typeof value === 'function' && Reflect.hasMetadata(PATTERN, value)) return true;
  }
  return false;
}

function classesOf(wrappers: ReadonlyMap<unknown, { readonly metatype: unknown }>): Type[] {
  const types = Array.from(wrappers.values(), ({ metatype }) => metatype);
  return types.filter((type): type is Type => typeof type === 'function' && type.prototype !== undefined);
}
