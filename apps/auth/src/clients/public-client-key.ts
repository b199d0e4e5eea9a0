import { createPublicKey, type KeyObject } from 'node:crypto';

/** Signature algorithms of `private_key_jwt`: those that access tokens may have, but for HS256. */
export const ASSERTION_ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const;

export type AssertionAlgorithm = (typeof ASSERTION_ALGORITHMS)[number];

/** The public key of a client as it is stored: the members of a JWK (RFC 7517) that are needed to use it. */
export interface PublicClientKey {
  readonly kty: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  /** What the key may be used with (RFC 8725 §3.1). */
  readonly algorithms: readonly AssertionAlgorithm[];
}

const MIN_MODULUS_BITS = 2048;
const RSA_ALGORITHMS = ['RS256', 'PS256'] as const;

/**
 * Reads a public key: a JWK in JSON, or SubjectPublicKeyInfo in PEM.
 *
 * @throws {TypeError} for a private key, and for one that no algorithm here can use; the message says what to do
 */
export function parsePublicClientKey(text: string): PublicClientKey {
  const isJson = text.trimStart().startsWith('{');
  const { key, alg } = isJson ? fromJwk(text) : { key: fromPem(text), alg: undefined };
  const { kty = '', crv, x, y, n, e } = key.export({ format: 'jwk' });
  const members = Object.fromEntries(Object.entries({ crv, x, y, n, e }).filter(([, value]) => value));
  return { kty, ...members, algorithms: algorithmsOf(key, alg) };
}

/** The key as `node:crypto` and jose take it. */
export function keyObjectOf({ kty, crv, x, y, n, e }: PublicClientKey): KeyObject {
  return createPublicKey({ key: { kty, crv, x, y, n, e } as { kty: string }, format: 'jwk' });
}

function fromJwk(text: string): { key: KeyObject; alg: unknown } {
  let jwk: Record<string, unknown>;
  try {
    jwk = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new TypeError('the JWK is not valid JSON');
  }
  if ('d' in jwk || 'k' in jwk) throw isPrivate();
  try {
    return { key: createPublicKey({ key: jwk, format: 'jwk' }), alg: jwk['alg'] };
  } catch {
    throw new TypeError('the JWK is not a public key; give one key, not a set');
  }
}

function fromPem(text: string): KeyObject {
  if (text.includes('PRIVATE KEY')) throw isPrivate();
  try {
    return createPublicKey(text);
  } catch {
    throw new TypeError('the file is neither a JWK nor a public key in PEM');
  }
}

function isPrivate(): TypeError {
  return new TypeError('this is a private key: it stays with the client; give its public half');
}

function algorithmsOf(key: KeyObject, alg: unknown): readonly AssertionAlgorithm[] {
  const possible = possibleFor(key);
  if (possible.length === 0)
    throw new TypeError(`the key must be on P-256, Ed25519, or RSA of ${MIN_MODULUS_BITS} bits or more`);
  if (alg === undefined) return possible;
  const chosen = possible.filter((name) => name === alg || (name === 'EdDSA' && alg === 'Ed25519'));
  if (chosen.length === 0) throw new TypeError(`the alg of the JWK must be ${possible.join(' or ')}`);
  return chosen;
}

function possibleFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly AssertionAlgorithm[] {
  const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return ['ES256'];
  if (asymmetricKeyType === 'ed25519') return ['EdDSA'];
  return asymmetricKeyType === 'rsa' && modulusLength >= MIN_MODULUS_BITS ? RSA_ALGORITHMS : [];
}
