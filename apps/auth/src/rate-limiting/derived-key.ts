import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A key for one purpose from a secret that serves another (RFC 5869). */
export function derivedKey(secret: string, purpose: string): KeyObject {
  return createSecretKey(
    Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', `signet ${purpose} v1`, 32)),
  );
}
