import type { AsymmetricAlgorithm } from '@signet/jwt-shared';
import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyEncryptionService } from './key-encryption.service.js';
import { publicJwkOf, thumbprintOf, type PublicJwk } from './public-jwk.js';

const generate = promisify(generateKeyPair);

/** 128 bits of security, as the elliptic curves have (OWASP ASVS 5.0, 11.2.3; NIST SP 800-57 part 1, table 2). */
const MODULUS_BITS = 3072;

/** A key that is not in the ring yet. */
export interface NewSigningKey {
  readonly kid: string;
  readonly algorithm: AsymmetricAlgorithm;
  readonly publicJwk: PublicJwk;
  /** Sealed. */
  readonly privateKey: Buffer;
}

/** Makes a key; the private half leaves this function sealed. */
export async function newSigningKey(
  algorithm: AsymmetricAlgorithm,
  encryption: KeyEncryptionService,
): Promise<NewSigningKey> {
  for (;;) {
    const pair = await generateKeyPairFor(algorithm);
    const publicJwk = publicJwkOf(pair.publicKey);
    const kid = thumbprintOf(publicJwk);
    // One in 64 would read as an option on the operator's command line.
    if (kid.startsWith('-')) continue;
    const privateKey = encryption.seal(kid, pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
    return { kid, algorithm, publicJwk, privateKey };
  }
}

/** Makes a key for one algorithm, off the main thread. */
export function generateKeyPairFor(
  algorithm: AsymmetricAlgorithm,
): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
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
