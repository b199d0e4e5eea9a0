import { randomBytes } from 'node:crypto';

/** Fresh secrets of one deployment: what auth and the services share, and what auth alone has. */
export function newSecrets() {
  return {
    JWT_SECRET: randomBytes(32).toString('hex'),
    REFRESH_TOKEN_SECRET: newKey(),
    REVOCATION_FEED_KEY: randomBytes(32).toString('base64url'),
  };
}

/** Settings of an auth that signs with keys of its own. */
export function newKeyRing(algorithm = 'ES256') {
  return { JWT_ALGORITHM: algorithm, KEY_ENCRYPTION_KEY: newKey() };
}

/** 32 random bytes, as auth takes its own secrets. */
export function newKey(): string {
  return randomBytes(32).toString('base64');
}
