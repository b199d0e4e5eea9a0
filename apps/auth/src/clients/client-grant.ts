/** One audience that a client may ask tokens for, and the most that such a token may allow. */
export interface ClientGrant {
  readonly audience: string;
  readonly scopes: readonly string[];
}

/**
 * Whose holder is told what happens to accounts, whatever audience it is granted for. The scope is auth's own to read:
 * no token is needed for it.
 */
export const EVENTS_SCOPE = 'events';

/** Whether a client has the scope `events`. */
export function mayReceiveEvents(grants: readonly ClientGrant[]): boolean {
  return grants.some(({ scopes }) => scopes.includes(EVENTS_SCOPE));
}

const AUDIENCE = /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,255}$/;
/** RFC 6749 §3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/** Printable ASCII without spaces, quotes, backslashes and commas, as `JWT_AUDIENCE` is a comma separated list. */
export function isAudience(text: string): boolean {
  return AUDIENCE.test(text);
}

/** A scope token (RFC 6749 §3.3) of at most 128 characters. */
export function isScope(text: string): boolean {
  return SCOPE.test(text);
}

/** A list of scopes as `scope` spells it, each once; undefined when one of them cannot be a scope. */
export function scopesIn(text: string): readonly string[] | undefined {
  const scopes = [...new Set(text.split(' ').filter((scope) => scope !== ''))];
  return scopes.every((scope) => isScope(scope)) ? scopes : undefined;
}
