import { constants, createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { JWT_BEARER, type ClientIdentity } from './client-identity.js';

/** Seconds; auth takes an assertion of 60 at most, and clocks differ. */
const LIFETIME = 30;

interface SigningKey {
  readonly key: KeyObject;
  readonly alg: 'ES256' | 'EdDSA' | 'RS256' | 'PS256';
  readonly kid: string | undefined;
}

/** `private_key_jwt` (RFC 7523 §2.2): a new assertion for each request, as it is good once. */
export class KeyIdentity implements ClientIdentity {
  readonly #key: SigningKey;

  /**
   * @param key a private JWK in JSON, or PEM
   * @param issuer of auth: the audience of assertions
   * @throws {TypeError} for what is no private key on P-256, Ed25519 or RSA
   */
  constructor(
    readonly clientId: string,
    key: string,
    private readonly issuer: string,
  ) {
    this.#key = readKey(key);
  }

  authenticate(form: URLSearchParams): Promise<void> {
    form.set('client_assertion_type', JWT_BEARER);
    form.set('client_assertion', this.#assertion());
    return Promise.resolve();
  }

  #assertion(): string {
    const { alg, kid } = this.#key;
    const now = Math.floor(Date.now() / 1000);
    const { clientId: id, issuer: aud } = this;
    const claims = { iss: id, sub: id, aud, jti: randomUUID(), iat: now, exp: now + LIFETIME };
    const input = `${encode({ alg, typ: 'JWT', kid })}.${encode(claims)}`;
    return `${input}.${signature(this.#key, Buffer.from(input)).toString('base64url')}`;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function readKey(text: string): SigningKey {
  const jwk = text.trimStart().startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : undefined;
  const key = createPrivateKey(jwk === undefined ? text : { key: jwk, format: 'jwk' });
  const kid = typeof jwk?.['kid'] === 'string' ? jwk['kid'] : undefined;
  return { key, alg: algorithmOf(key, jwk?.['alg']), kid };
}

function algorithmOf(
  { asymmetricKeyType, asymmetricKeyDetails }: KeyObject,
  alg: unknown,
): SigningKey['alg'] {
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  if (asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (asymmetricKeyType === 'rsa') return alg === 'PS256' ? 'PS256' : 'RS256';
  throw new TypeError('the key must be on P-256, Ed25519, or RSA');
}

function signature({ key, alg }: SigningKey, input: Buffer): Buffer {
  switch (alg) {
    case 'ES256':
      return sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' });
    case 'EdDSA':
      return sign(null, input, key);
    case 'RS256':
      return sign('sha256', input, key);
    case 'PS256':
      return sign('sha256', input, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
  }
}
