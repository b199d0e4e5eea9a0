import { scrypt as derive, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { demand, fromBase64, UnusableHash, type HashFamily, type PasswordHash } from './password-hash.js';

/** `scrypt$N$salt$r$p$key`; the salt is text. */
const DJANGO = /^scrypt\$(\d{1,10})\$([^$]{1,128})\$(\d{1,4})\$(\d{1,4})\$([A-Za-z0-9+/]{16,86}={0,2})$/;
/** `$scrypt$ln=log2 N,r=8,p=1$salt$key`. */
const PHC =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,4}),p=(\d{1,4})\$([A-Za-z0-9+/.]{0,128})\$([A-Za-z0-9+/.]{16,86})$/;

/** 256 MiB; OWASP's N = 2^17, r = 8 takes 128. */
const MAX_BYTES = 2 ** 28;
/** N · r · p: about a second. */
const MAX_WORK = 2 ** 21;

const deriveKey = promisify<string, Buffer, number, ScryptOptions, Buffer>(derive);

/** scrypt (RFC 7914), as Django, passlib and PHC strings store it. */
export const scrypt: HashFamily = (text) => {
  const [, n, saltText, djangoR, djangoP, djangoKey] = DJANGO.exec(text) ?? [];
  if (djangoKey !== undefined && saltText !== undefined) {
    return checked(Number(n), Number(djangoR), Number(djangoP), Buffer.from(saltText), djangoKey);
  }
  const [, ln, r, p, salt = '', key] = PHC.exec(text) ?? [];
  return key === undefined
    ? undefined
    : checked(2 ** Number(ln), Number(r), Number(p), fromBase64(salt), key);
};

function checked(N: number, r: number, p: number, salt: Buffer, encodedKey: string): PasswordHash {
  if (N < 2 || !Number.isInteger(Math.log2(N)) || r < 1 || p < 1) throw new UnusableHash('is malformed');
  demand(128 * r * (N + p) <= MAX_BYTES && N * r * p <= MAX_WORK);
  const key = fromBase64(encodedKey);
  return {
    verify: async (password) =>
      timingSafeEqual(await deriveKey(password, salt, key.length, { N, r, p, maxmem: 2 * MAX_BYTES }), key),
  };
}
