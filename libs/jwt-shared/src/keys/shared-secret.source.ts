import { createSecretKey } from 'node:crypto';
import type { KeySource, TrustedKey } from './key-source.js';
import { trustedKey } from './trusted-key.js';

/**
 * The `HS256` secret that a deployment shares, and the one before it while it is being changed.
 * A `kid` means nothing here, so each token is tried against both.
 */
export class SharedSecretSource implements KeySource {
  readonly #keys: readonly TrustedKey[];

  /**
   * @param current at least 32 bytes of UTF-8
   * @param previous accepted as well; the same demands
   * @throws {TypeError} when a secret is too short
   */
  constructor(current: string, previous?: string) {
    const secrets = previous === undefined ? [current] : [current, previous];
    this.#keys = secrets.map((secret) => trustedKey('HS256', createSecretKey(Buffer.from(secret, 'utf8'))));
  }

  find(): readonly TrustedKey[] {
    return this.#keys;
  }

  isTrusted(key: TrustedKey): boolean {
    return this.#keys.includes(key);
  }
}
