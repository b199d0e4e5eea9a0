import type { ExecutionContext } from '@nestjs/common';
import type { AccessToken } from './access-token.js';
import { NEEDS_FRESH_REVOCATIONS } from './decorators/fresh.decorator.js';
import { IS_PUBLIC } from './decorators/public.decorator.js';
import { REQUIRED_ROLES } from './decorators/roles.decorator.js';
import { REQUIRED_SCOPES } from './decorators/scopes.decorator.js';

/** What the decorators of a handler and its class ask of a call. */
export interface RoutePolicy {
  readonly isPublic: boolean;
  /** All of them. */
  readonly scopes: readonly string[];
  /** One of each list. */
  readonly roles: readonly (readonly string[])[];
  readonly isFresh: boolean;
}

type Target = ReturnType<ExecutionContext['getHandler']> | ReturnType<ExecutionContext['getClass']>;

const CLOSED: RoutePolicy = { isPublic: false, scopes: [], roles: [], isFresh: false };

/** By class first: controllers that inherit a handler share its function, but not what their classes say. */
const policies = new WeakMap<Target, WeakMap<Target, RoutePolicy>>();

/** The policy of the handler that a context leads to; read once, as metadata does not change after loading. */
export function policyOf(context: ExecutionContext): RoutePolicy {
  const owner = context.getClass<unknown>();
  const handler = context.getHandler();
  if (!owner || !handler) return CLOSED;
  let ofClass = policies.get(owner);
  if (ofClass === undefined) policies.set(owner, (ofClass = new WeakMap()));
  let policy = ofClass.get(handler);
  if (policy === undefined) ofClass.set(handler, (policy = readPolicy(owner, handler)));
  return policy;
}

/** Whether a token may do what a policy guards. */
export function admits({ scopes, roles }: RoutePolicy, token: AccessToken): boolean {
  return (
    scopes.every((scope) => token.scopes.includes(scope)) &&
    roles.every((choice) => choice.some((role) => token.roles.includes(role)))
  );
}

/** What is written on a controller and one of its handlers. */
export function readPolicy(owner: Target, handler: Target): RoutePolicy {
  const levels = [handler, owner];
  return {
    isPublic: isPublic(handler) ?? isPublic(owner) ?? false,
    scopes: [...new Set(levels.flatMap((level) => namesAt(REQUIRED_SCOPES, level)))],
    roles: levels.map((level) => namesAt(REQUIRED_ROLES, level)).filter((choice) => choice.length > 0),
    isFresh: levels.some((level) => Reflect.getMetadata(NEEDS_FRESH_REVOCATIONS, level) === true),
  };
}

/** What one level says about being public, if anything: there a demand outweighs `@Public()`. */
function isPublic(level: Target): boolean | undefined {
  if ([REQUIRED_SCOPES, REQUIRED_ROLES].some((key) => namesAt(key, level).length > 0)) return false;
  return Reflect.getMetadata(IS_PUBLIC, level) === true || undefined;
}

function namesAt(key: string, level: Target): readonly string[] {
  return (Reflect.getMetadata(key, level) as readonly string[] | undefined) ?? [];
}
