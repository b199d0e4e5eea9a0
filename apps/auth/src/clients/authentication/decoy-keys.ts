import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { parsePublicClientKey, type AssertionAlgorithm, type PublicClientKey } from '../public-client-key.js';

const rsa = parsePublicClientKey(JSON.stringify({ kty: 'RSA', n: modulus(), e: 'AQAB' }));

/**
 * Keys that have signed nothing: an assertion that cannot be good is verified with one of them, so that it takes as long as
 * one that might be.
 */
export const DECOY_KEYS: Readonly<Record<AssertionAlgorithm, PublicClientKey>> = {
  ES256: publicHalf(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  EdDSA: publicHalf(generateKeyPairSync('ed25519')),
  RS256: rsa,
  PS256: rsa,
};

function publicHalf({ publicKey }: { readonly publicKey: KeyObject }): PublicClientKey {
  return parsePublicClientKey(publicKey.export({ type: 'spki', format: 'pem' }));
}

/** 2048 bits. An odd number serves to calculate with as well as the product of two primes, which takes long to find. */
function modulus(): string {
  const bytes = randomBytes(256);
  bytes[0]! |= 0x80;
  bytes[255]! |= 1;
  return bytes.toString('base64url');
}
