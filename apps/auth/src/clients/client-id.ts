import { FIRST_PARTY } from '../signing/access-token.issuer.js';

const ID = /^[a-z][a-z0-9-]{1,62}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Whether a text can be a `client_id`: lower case letters, digits and hyphens, a letter first, 2 to 63 characters.
 * A UUID is a user's id, and one `sub` must never mean both. The `client_id` of people's own tokens is taken as well: its
 * client could read each of them, exchange it, and end them all.
 */
export function isClientId(text: string): boolean {
  return ID.test(text) && !UUID.test(text) && text !== FIRST_PARTY;
}
