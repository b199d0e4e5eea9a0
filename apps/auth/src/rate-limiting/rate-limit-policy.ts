import type { PolicyName } from './policies.js';

/** Where a handler says how it is limited. */
export const RATE_LIMIT = Symbol('rate limit');

/** Reads the session that a request without an access token is about from its body, which is not validated yet. */
export type SessionOf = (body: Readonly<Record<string, unknown>>) => string | undefined;

/** How a handler is limited. */
export interface RateLimit {
  readonly policy: PolicyName;
  readonly sessionOf?: SessionOf | undefined;
}
