import { constants, createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { JWT_BEARER, type ClientIdentity } from './client-identity.js';

/** Seconds; auth takes an assertion of 60 at most, and clocks differ. */
const LIFETIME = 30;

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
/** How each algorithm hashes and signs (RFC 7518 §3, RFC 8037 §3.1). */
const ALGORITHMS = {
  ES256: { hash: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
  EdDSA: { hash: null, options: {} },
  RS256: { hash: 'sha256', options: {} },
  PS256: { hash: 'sha256', options: PSS },
} as const;

/**
 * `private_key_jwt` (RFC 7523 §2.2): a new assertion for each request, as it is good once.
 *
 * @param text of the key, a private JWK in JSON, or PEM
 * @param issuer of auth: the audience of assertions
 * @throws {TypeError} for what is no private key on P-256, Ed25519 or RSA
 */
export function keyIdentity(clientId: string, text: string, issuer: string): ClientIdentity {
  const jwk = text.trimStart().startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : undefined;
  const key = createPrivateKey(jwk === undefined ? text : { key: jwk, format: 'jwk' });
  const kid = typeof jwk?.['kid'] === 'string' ? jwk['kid'] : undefined;
  const alg = algorithmOf(key, jwk?.['alg']);
  const { hash, options } = ALGORITHMS[alg];
  const assertion = (): string => {
    const now = Math.floor(Date.now() / 1000);
    const names = { iss: clientId, sub: clientId, aud: issuer };
    const claims = { ...names, jti: randomUUID(), iat: now, exp: now + LIFETIME };
    const input = `${encode({ alg, typ: 'JWT', kid })}.${encode(claims)}`;
    return `${input}.${sign(hash, Buffer.from(input), { key, ...options }).toString('base64url')}`;
  };
  return {
    clientId,
    authenticate(form) {
      form.set('client_assertion_type', JWT_BEARER);
      form.set('client_assertion', assertion());
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function algorithmOf(key: KeyObject, alg: unknown): keyof typeof ALGORITHMS {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'rsa') return alg === 'PS256' ? 'PS256' : 'RS256';
  throw new TypeError('the key must be on P-256, Ed25519, or RSA');
}
