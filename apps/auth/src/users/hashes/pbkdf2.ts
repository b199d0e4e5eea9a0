import { pbkdf2 as derive, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { demand, fromBase64, type HashFamily, type PasswordHash } from './password-hash.js';

/** `pbkdf2_sha256$iterations$salt$key`; the salt is text. */
const DJANGO = /^pbkdf2_(sha1|sha256)\$(\d{1,9})\$([^$]{1,128})\$([A-Za-z0-9+/]{16,86}={0,2})$/;
/** `$pbkdf2-sha256$i=iterations,l=bytes$salt$key`, or with the bare number as passlib writes it; SHA-1 may go unnamed. */
const PHC =
  /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,9})(?:,l=\d{1,3})?\$([A-Za-z0-9+/.]{0,128})\$([A-Za-z0-9+/.]{16,86})$/;

const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 };
type Digest = keyof typeof DIGEST_BYTES;

/** One to two seconds, by digest. Django asks for 1,000,000 and adds some with every version. */
const MAX_ITERATIONS = 2_500_000;

const deriveKey = promisify(derive);

/** PBKDF2 with HMAC (RFC 8018 §5.2), as Django, passlib and PHC strings store it. */
export const pbkdf2: HashFamily = (text) => {
  const [, djangoDigest, djangoIterations, saltText, djangoKey] = DJANGO.exec(text) ?? [];
  if (djangoKey !== undefined && saltText !== undefined) {
    return checked(djangoDigest as Digest, Number(djangoIterations), Buffer.from(saltText), djangoKey);
  }
  const [, digest = 'sha1', iterations, salt = '', key] = PHC.exec(text) ?? [];
  return key === undefined ? undefined : checked(digest as Digest, Number(iterations), fromBase64(salt), key);
};

/** Every block of the key costs all of the iterations. */
function checked(digest: Digest, iterations: number, salt: Buffer, encodedKey: string): PasswordHash {
  const key = fromBase64(encodedKey);
  const blocks = Math.ceil(key.length / DIGEST_BYTES[digest]);
  demand(iterations >= 1 && iterations * blocks <= MAX_ITERATIONS);
  return {
    verify: async (password) =>
      timingSafeEqual(await deriveKey(password, salt, iterations, key.length, digest), key),
  };
}
