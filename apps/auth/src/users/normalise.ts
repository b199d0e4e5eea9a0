/** NFC, so that a password is the same from every keyboard (NIST SP 800-63B-4 §3.1.1.2); nothing is trimmed or cut. */
export function normalisePassword<T>(value: T): T | string {
  return typeof value === 'string' ? value.normalize('NFC') : value;
}
