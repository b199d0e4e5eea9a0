import type { ExecutionContext } from '@nestjs/common';
import { ALLOWED_CLIENTS } from './decorators/allow-clients.decorator.js';
import { NEEDS_FRESH_REVOCATIONS } from './decorators/fresh.decorator.js';
import { IS_PUBLIC } from './decorators/public.decorator.js';
import { RECENT_LOGIN } from './decorators/recent-login.decorator.js';
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
  /** The clients that may call with a token of their own: none unless told, and every one for an empty list. */
  readonly clients: readonly string[] | undefined;
  /** Seconds since the login, at most. */
  readonly recentLogin: number | undefined;
  /** Whether what a call opens, or comes over, goes on after its answer: events, a WebSocket, a subscription. */
  readonly isStream: boolean;
}

type Target = ReturnType<ExecutionContext['getHandler']> | ReturnType<ExecutionContext['getClass']>;

/** Where nothing is said. */
export const CLOSED: RoutePolicy = {
  isPublic: false,
  scopes: [],
  roles: [],
  isFresh: false,
  clients: undefined,
  recentLogin: undefined,
  isStream: false,
};

/** What only a caller with a token can meet. */
const OF_CALLERS = [REQUIRED_SCOPES, REQUIRED_ROLES, RECENT_LOGIN, ALLOWED_CLIENTS, NEEDS_FRESH_REVOCATIONS];

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

/**
 * Demands add up: those of the handler, of the handlers that it overrides, of its class and of every class that this
 * one extends. What opens a route (`@Public()`, `@AllowClients()`) counts on the handler or on its very class only, so
 * that a class opens no route of another that extends it.
 *
 * @param owner the controller
 * @param handler one of its methods, perhaps inherited
 */
export function readPolicy(owner: Target, handler: Target): RoutePolicy {
  const classes = lineageOf(owner);
  const levels = [handler, ...overriddenBy(handler, classes), ...classes];
  const logins = levels.map((level) => own(RECENT_LOGIN, level) as number | undefined);
  const recentLogin = Math.min(...logins.filter((age) => age !== undefined));
  return {
    isPublic: isPublic(handler) ?? (isPublic(owner) === true && !levels.some((level) => demands(level))),
    scopes: [...new Set(levels.flatMap((level) => namesAt(REQUIRED_SCOPES, level)))],
    roles: levels.map((level) => namesAt(REQUIRED_ROLES, level)).filter((choice) => choice.length > 0),
    isFresh: levels.some((level) => own(NEEDS_FRESH_REVOCATIONS, level) === true),
    clients: (own(ALLOWED_CLIENTS, handler) ?? own(ALLOWED_CLIENTS, owner)) as RoutePolicy['clients'],
    recentLogin: recentLogin === Infinity ? undefined : recentLogin,
    isStream: isStream(handler),
  };
}

/** By the names that Nest keeps `@Sse()`, `@SubscribeMessage()` and `@Subscription()` under. */
function isStream(handler: Target): boolean {
  return (
    own('__sse__', handler) !== undefined ||
    own('websockets:message_mapping', handler) !== undefined ||
    own('graphql:resolver_type', handler) === 'Subscription'
  );
}

/** What one level says about being public, if anything: whatever it says of the caller outweighs `@Public()`. */
function isPublic(level: Target): boolean | undefined {
  if (demands(level)) return false;
  return own(IS_PUBLIC, level) === true || undefined;
}

function demands(level: Target): boolean {
  return OF_CALLERS.some((key) => own(key, level) !== undefined);
}

function namesAt(key: string, level: Target): readonly string[] {
  return (own(key, level) as readonly string[] | undefined) ?? [];
}

/** What was said of this very target: `Reflect.getMetadata` would go on to the class that it extends. */
function own(key: string, level: Target): unknown {
  return Reflect.getOwnMetadata(key, level);
}

/** A class and those that it extends. */
function lineageOf(owner: Target): Target[] {
  const parent: unknown = Object.getPrototypeOf(owner);
  const isClass = typeof parent === 'function' && parent !== Function.prototype;
  return isClass ? [owner, ...lineageOf(parent)] : [owner];
}

/** The handlers of the same name in a lineage. */
function overriddenBy(handler: Target, classes: readonly Target[]): Target[] {
  const methods = classes.map(({ prototype = {} }) => Object.getOwnPropertyDescriptors(prototype as object));
  const named = methods.flatMap((table) => Object.entries<PropertyDescriptor>(table));
  const [name] = named.find(([, { value }]) => value === handler) ?? [];
  return named.flatMap(([other, { value }]) =>
    other === name && typeof value === 'function' && value !== handler ? [value as Target] : [],
  );
}
