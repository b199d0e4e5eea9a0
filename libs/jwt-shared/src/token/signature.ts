import { constants, createHmac, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { TrustedKey } from '../keys/key-source.js';
import { faultOf } from '../keys/trusted-key.js';
import type { JwtAlgorithm } from '../jose/algorithm.js';
import type { CompactJws } from './compact-jws.js';

type SignatureCheck = (jws: CompactJws) => boolean;

/** RFC 7518 §3.4: R and S of 32 bytes each. RFC 8032 §5.1.6: the same length. */
const RAW_SIGNATURE_BYTES = 64;

const NEVER: SignatureCheck = () => false;

/** Each algorithm as a check bound to a key (RFC 7518 §3, RFC 8037 §3.1). */
const CHECKS: Readonly<Record<JwtAlgorithm, (key: KeyObject) => SignatureCheck>> = {
  HS256:
    (key) =>
    ({ signingInput, signature }) => {
      const expected = createHmac('sha256', key).update(signingInput, 'latin1').digest();
      return signature.length === expected.length && timingSafeEqual(signature, expected);
    },
  ES256: (key) => {
    const options = { key, dsaEncoding: 'ieee-p1363' as const };
    return (jws) => jws.signature.length === RAW_SIGNATURE_BYTES && publicKeyCheck('sha256', options, jws);
  },
  RS256: (key) => (jws) => publicKeyCheck('sha256', { key, padding: constants.RSA_PKCS1_PADDING }, jws),
  PS256: (key) => {
    const options = {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    return (jws) => publicKeyCheck('sha256', options, jws);
  },
  EdDSA: (key) => (jws) => jws.signature.length === RAW_SIGNATURE_BYTES && publicKeyCheck(null, { key }, jws),
};

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
      faultOf(trusted.algorithm, trusted.key) === undefined ? CHECKS[trusted.algorithm](trusted.key) : NEVER;
    checks.set(trusted, check);
  }
  return check(jws);
}

function publicKeyCheck(hash: 'sha256' | null, key: Parameters<typeof verify>[2], jws: CompactJws): boolean {
  return verify(hash, Buffer.from(jws.signingInput, 'latin1'), key, jws.signature);
}
