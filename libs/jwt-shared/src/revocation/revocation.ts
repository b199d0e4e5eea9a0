import { isObject } from '../token/strict-json.js';

/**
 * Tokens that end before their time. `until`: seconds since the epoch after which the last token concerned has
 * expired by itself, so that the revocation may be forgotten.
 */
export type Revocation =
  /** Every token of a session (`sid`). */
  | { readonly kind: 'session'; readonly id: string; readonly until: number }
  /** Every token of a user (`sub`) whose `iat` is earlier than `before`. */
  | { readonly kind: 'user'; readonly id: string; readonly before: number; readonly until: number }
  /** Every token that the key with this `kid` has signed. */
  | { readonly kind: 'key'; readonly id: string; readonly until: number };

const MAX_ID_LENGTH = 255;

/**
 * Reads what the feed of auth says. A kind that is not known is a mistake, not something to pass over: a newer
 * auth would revoke what this service goes on accepting.
 *
 * @throws {TypeError} for anything but a list of revocations
 */
export function parseRevocations(json: string): readonly Revocation[] {
  const message: unknown = JSON.parse(json);
  const list = isObject(message) ? message['revocations'] : undefined;
  if (!Array.isArray(list) || !list.every((item) => isRevocation(item))) {
    throw new TypeError('not a list of revocations');
  }
  return list;
}

function isRevocation(value: unknown): value is Revocation {
  if (!isObject(value)) return false;
  const { kind, id, before, until } = value;
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID_LENGTH || !Number.isFinite(until))
    return false;
  return kind === 'session' || kind === 'key' || (kind === 'user' && Number.isFinite(before));
}
