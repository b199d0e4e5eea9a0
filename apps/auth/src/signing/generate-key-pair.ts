import type { AsymmetricAlgorithm } from '@signet/jwt-shared';
import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/** 128 bits of security, as the elliptic curves have (OWASP ASVS 5.0, 11.2.3; NIST SP 800-57 part 1, table 2). */
const MODULUS_BITS = 3072;

/** Both halves. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Makes a key for one algorithm, off the main thread. */
export function generateKeyPairFor(algorithm: AsymmetricAlgorithm): Promise<KeyPair> {
  switch (algorithm) {
    case 'ES256':
      return generate('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generate('ed25519', {});
    case 'RS256':
    case 'PS256':
      return generate('rsa', { modulusLength: MODULUS_BITS });
  }
}
