import type { KeyObject } from 'node:crypto';
import { PUBLIC_KEY_ALGORITHMS, type TokenAlgorithm } from '../jose/algorithm.js';
import type { TrustedKey } from './key-source.js';

/** RFC 7518 §3.2: as long as the hash's output. */
const MIN_SECRET_BYTES = 32;
/** RFC 7518 §3.3 and §3.5. */
const MIN_MODULUS_BITS = 2048;
/** FIPS 186-5 §5.4; with an exponent of 1 every message would be its own signature. */
const MIN_PUBLIC_EXPONENT = 65537n;
/** The curves of RFC 7518 §6.2.1.1 by the names that OpenSSL has for them. */
const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/**
 * Binds a key to its algorithm.
 *
 * @param key a secret key for `HS256`, a public key for every other algorithm
 * @throws {TypeError} when the key is of another type or curve, or too small: it could verify nothing, or anything
 */
export function trustedKey(algorithm: TokenAlgorithm, key: KeyObject, kid?: string): TrustedKey {
  const fault = faultOf(algorithm, key);
  if (fault !== undefined) throw new TypeError(`${algorithm} ${fault}`);
  return Object.freeze({ kid, algorithm, key });
}

/** What makes a key unfit for an algorithm, as the end of a sentence; `undefined` when it fits. */
export function faultOf(algorithm: TokenAlgorithm, key: KeyObject): string | undefined {
  if (algorithm === 'HS256') return secretFault(key);
  if (key.type !== 'public') return 'needs a public key';
  const { kty, crv } = PUBLIC_KEY_ALGORITHMS[algorithm];
  if (kty === 'OKP') return key.asymmetricKeyType === 'ed25519' ? undefined : 'needs an Ed25519 key';
  return kty === 'EC' ? curveFault(key, crv ?? '') : rsaFault(key);
}

function secretFault(key: KeyObject): string | undefined {
  const isLong = key.type === 'secret' && (key.symmetricKeySize ?? 0) >= MIN_SECRET_BYTES;
  return isLong ? undefined : `needs a secret of ${MIN_SECRET_BYTES} bytes`;
}

function curveFault({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, crv: string): string | undefined {
  const { namedCurve = '' } = asymmetricKeyDetails ?? {};
  return asymmetricKeyType === 'ec' && CURVES[namedCurve] === crv
    ? undefined
    : `needs a key on the curve ${crv}`;
}

function rsaFault({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType !== 'rsa') return 'needs an RSA key';
  if (modulusLength < MIN_MODULUS_BITS) return `needs a modulus of ${MIN_MODULUS_BITS} bits`;
  return publicExponent < MIN_PUBLIC_EXPONENT
    ? `needs a public exponent of ${MIN_PUBLIC_EXPONENT}`
    : undefined;
}
