import { ValidateBy } from 'class-validator';
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const KEY = /^[\w+/-]{43}=?$/;
/** 32 random bytes have fewer different ones than this practically never; a typed placeholder usually has. */
const MIN_DIFFERENT_BYTES = 16;

/** A key of 32 random bytes in base64, as `openssl rand -base64 32` prints one. The message never shows it. */
export function IsBase64Key(): PropertyDecorator {
  return ValidateBy({
    name: 'isBase64Key',
    validator: {
      validate: (value) =>
        typeof value === 'string' &&
        KEY.test(value) &&
        new Set(Buffer.from(value, 'base64')).size >= MIN_DIFFERENT_BYTES,
      defaultMessage: () => 'must be 32 random bytes in base64: openssl rand -base64 32',
    },
  });
}

/** A key for one purpose from a secret that serves another (RFC 5869). */
export function derivedKey(secret: string, purpose: string): KeyObject {
  return createSecretKey(
    Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', `signet ${purpose} v1`, 32)),
  );
}
