import { verify } from '@node-rs/bcrypt';
import { hash } from 'node:crypto';
import { demand, type HashFamily } from './password-hash.js';

/** The modular crypt format, behind `bcrypt$` or `bcrypt_sha256$` in Django's form. */
const FORM = /^(?:(bcrypt|bcrypt_sha256)\$)?(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/;

/** About a second; each step doubles it. Django asks for 12. */
const MAX_COST = 14;

/**
 * bcrypt. It never sees more than 72 bytes of a password, so that Django has a form that takes the SHA-256 of the
 * password, in hexadecimal.
 */
export const bcrypt: HashFamily = (text) => {
  const [, form, crypt, cost] = FORM.exec(text) ?? [];
  if (crypt === undefined) return undefined;
  demand(Number(cost) <= MAX_COST);
  const input = (password: string) => (form === 'bcrypt_sha256' ? hash('sha256', password) : password);
  return { verify: (password) => verify(input(password), crypt) };
};
