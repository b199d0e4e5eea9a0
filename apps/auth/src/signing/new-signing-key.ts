import type { AsymmetricAlgorithm } from '@signet/jwt-shared';
import { generateKeyPairFor } from './generate-key-pair.js';
import type { KeyEncryptionService } from './key-encryption.service.js';
import { publicJwkOf, thumbprintOf, type PublicJwk } from './public-jwk.js';

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
