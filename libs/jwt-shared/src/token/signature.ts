import { constants, createHmac, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { TrustedKey } from '../keys/key-source.js';
import { faultOf } from '../keys/trusted-key.js';
import { PUBLIC_KEY_ALGORITHMS, type TokenAlgorithm } from '../jose/algorithm.js';
import type { CompactJws } from './compact-jws.js';

type SignatureCheck = (jws: CompactJws) => boolean;

const NEVER: SignatureCheck = () => false;

/** An algorithm as a check bound to a key (RFC 7518 §3, RFC 8037 §3.1). */
function checkBy(algorithm: TokenAlgorithm, key: KeyObject): SignatureCheck {
  if (algorithm === 'HS256') {
    return ({ signingInput, signature }) => {
      const expected = createHmac('sha256', key).update(signingInput, 'latin1').digest();
      return signature.length === expected.length && timingSafeEqual(signature, expected);
    };
  }
  const { kty, hash, signatureBytes, isPss } = PUBLIC_KEY_ALGORITHMS[algorithm];
  const options = {
    key,
    ...(kty === 'EC' && { dsaEncoding: 'ieee-p1363' as const }),
    ...(kty === 'RSA' && { padding: isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING }),
    ...(isPss && { saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
  };
  return ({ signingInput, signature }) =>
    (signatureBytes === undefined || signature.length === signatureBytes) &&
    verify(hash, Buffer.from(signingInput, 'latin1'), options, signature);
}

const checks = new WeakMap<TrustedKey, SignatureCheck>();

/**
 * Whether a JWS was signed by a key, with that key's own algorithm. Runs in this thread on purpose: WebCrypto
 * would wait behind password hashing in the thread pool, and costs more than the signature itself.
 */
export function isSignedBy(trusted: TrustedKey, jws: CompactJws): boolean {
  let check = checks.get(trusted);
  if (check === undefined) {
    // Asked here too, as another key source may not have gone through `trustedKey`.
    check =
      faultOf(trusted.algorithm, trusted.key) === undefined ? checkBy(trusted.algorithm, trusted.key) : NEVER;
    checks.set(trusted, check);
  }
  return check(jws);
}
