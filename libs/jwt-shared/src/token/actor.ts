import type { Actor } from '../access-token.js';
import { isObject } from '../jose/strict-json.js';

/** Longest chain of actors that is accepted. */
const MAX_ACTORS = 4;
const MAX_ID_LENGTH = 255;

/**
 * Reads `act` (RFC 8693 §4.1).
 *
 * @param issuer of the token: an actor with an `iss` of its own must have the same, as its `sub` would mean another
 * client otherwise
 * @returns `undefined` for anything but a chain of one to four actors with a `sub` each
 */
export function readActor(act: unknown, issuer: string | undefined, depth = 1): Actor | undefined {
  if (!isObject(act) || depth > MAX_ACTORS) return undefined;
  const { sub, iss = issuer, act: before } = act;
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_ID_LENGTH || !sub.isWellFormed())
    return undefined;
  if (iss !== issuer) return undefined;
  if (before === undefined) return Object.freeze({ clientId: sub });
  const actor = readActor(before, issuer, depth + 1);
  return actor && Object.freeze({ clientId: sub, actor });
}
