import { argon2 } from './argon2.js';
import { bcrypt } from './bcrypt.js';
import { UnusableHash, type HashFamily, type PasswordHash } from './password-hash.js';
import { pbkdf2 } from './pbkdf2.js';
import { phpass } from './phpass.js';
import { scrypt } from './scrypt.js';

const FAMILIES: readonly HashFamily[] = [argon2, bcrypt, pbkdf2, scrypt, phpass];

/** Longer than any hash of theirs. */
const MAX_LENGTH = 512;
const OURS = /^\$argon2id\$v=19\$/;

/**
 * Reads a hash, made here or brought along from another system.
 *
 * @throws {UnusableHash} when it is of no known kind, or would cost a login too much
 */
export function readHash(text: string): PasswordHash {
  // Django's mark of an account that nobody logs in to by a password.
  if (text.startsWith('!')) throw new UnusableHash('is the mark of an account without a password');
  for (const family of text.length <= MAX_LENGTH ? FAMILIES : []) {
    const passwordHash = family(text);
    if (passwordHash) return isOurs(text) ? passwordHash : withoutNul(passwordHash);
  }
  throw new UnusableHash('is of no kind that is known');
}

/**
 * bcrypt repeats a password with a NUL behind it until 72 bytes are full, and HMAC fills its key up with NULs: there
 * `a`, `a\0` and `a\0a` may be one password.
 */
function withoutNul(passwordHash: PasswordHash): PasswordHash {
  return { verify: async (password) => (await passwordHash.verify(password)) && !password.includes('\0') };
}

/** {@link readHash} for what the database holds: nothing where no password can be checked against it. */
export function usableHash(text: string | undefined): PasswordHash | undefined {
  if (text === undefined) return undefined;
  try {
    return readHash(text);
  } catch (error) {
    if (error instanceof UnusableHash) return undefined;
    throw error;
  }
}

/** Whether it is of the kind that we make. */
export function isOurs(passwordHash: string): boolean {
  return OURS.test(passwordHash);
}
