import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Rule } from './rule.js';

const KEY = /^[\w+/-]{43}=?$/;
/** 32 random bytes have fewer different ones than this practically never; a typed placeholder usually has. */
const MIN_DIFFERENT_BYTES = 16;

/** A key of 32 random bytes in base64, as `openssl rand -base64 32` prints one. The message never shows it. */
export function IsBase64Key(): PropertyDecorator {
  const isRandom = (text: string) => new Set(Buffer.from(text, 'base64')).size >= MIN_DIFFERENT_BYTES;
  return Rule(
    'must be 32 random bytes in base64: openssl rand -base64 32',
    (value) => typeof value === 'string' && KEY.test(value) && isRandom(value),
  );
}

/** A key for one purpose from a secret that serves another (RFC 5869). */
export function derivedKey(secret: string, purpose: string): KeyObject {
  return createSecretKey(
    Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', `signet ${purpose} v1`, 32)),
  );
}
