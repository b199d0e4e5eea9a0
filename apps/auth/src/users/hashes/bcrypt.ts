import { verify } from '@node-rs/bcrypt';
import { hash } from 'node:crypto';
import { demand, type HashFamily } from './password-hash.js';

/** The modular crypt format, behind `bcrypt$` or `bcrypt_sha256$` in Django's form. */
const FORM = /^(?:(bcrypt|bcrypt_sha256)\$)?(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/;

/** What bcrypt sees of a password. */
const MAX_BYTES = 72;

/** About a second; each step doubles it. Django asks for 12. */
const MAX_COST = 14;

/**
 * bcrypt. It never sees more than 72 bytes of a password, so that Django has a form that takes the SHA-256 of the
 * password, in hexadecimal. A longer password is refused, after the same work: all that begin alike would be right, and
 * the one shown first would become the only one. Its owner sets a new one by mail.
 */
export const bcrypt: HashFamily = (text) => {
  const [, form, crypt, cost] = FORM.exec(text) ?? [];
  if (crypt === undefined) return undefined;
  demand(Number(cost) <= MAX_COST);
  const input = (password: string) => (form === 'bcrypt_sha256' ? hash('sha256', password) : password);
  return {
    verify: async (password) => {
      const seen = input(password);
      return (await verify(seen, crypt)) && Buffer.byteLength(seen) <= MAX_BYTES;
    },
  };
};
