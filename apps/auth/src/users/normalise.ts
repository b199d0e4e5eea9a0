/**
 * The one form of an e-mail address: trimmed, NFC, lower case. What is no string is left for validation to refuse.
 * The second NFC is for what lower-casing takes apart.
 */
export function normaliseEmail<T>(value: T): T | string {
  return typeof value === 'string' ? value.trim().normalize('NFC').toLowerCase().normalize('NFC') : value;
}

/** NFC, so that a password is the same from every keyboard (NIST SP 800-63B-4 §3.1.1.2); nothing is trimmed or cut. */
export function normalisePassword<T>(value: T): T | string {
  return typeof value === 'string' ? value.normalize('NFC') : value;
}
