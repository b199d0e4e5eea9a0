import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import type { JwtAlgorithm } from '../jose/algorithm.js';

const GENERATE: Readonly<Record<JwtAlgorithm, () => KeyObject>> = {
  HS256: () => createSecretKey(Buffer.from(randomBytes(32).toString('base64'), 'utf8')),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  EdDSA: () => generateKeyPairSync('ed25519').privateKey,
};

const SIGN: Readonly<Record<JwtAlgorithm, (bytes: Buffer, key: KeyObject) => Buffer>> = {
  HS256: (bytes, key) => createHmac('sha256', key).update(bytes).digest(),
  ES256: (bytes, key) => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }),
  RS256: (bytes, key) => sign('sha256', bytes, key),
  PS256: (bytes, key) =>
    sign('sha256', bytes, {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
  EdDSA: (bytes, key) => sign(null, bytes, key),
};

/** The key of a pretended issuer: the secret of `HS256`, or a private key. */
export class SigningKey {
  /** @param key generated unless given */
  constructor(
    readonly algorithm: JwtAlgorithm,
    readonly kid: string,
    readonly key: KeyObject = GENERATE[algorithm](),
  ) {}

  /** The secret as `JWT_SECRET` holds it; `HS256` only. */
  get secret(): string {
    return this.key.export().toString('utf8');
  }

  get publicKey(): KeyObject {
    return createPublicKey(this.key);
  }

  /** The public key as a JWK set shows it (RFC 7517 §4). */
  get jwk(): Record<string, unknown> {
    return { ...this.publicKey.export({ format: 'jwk' }), kid: this.kid, alg: this.algorithm, use: 'sig' };
  }

  sign(input: string): Buffer {
    return SIGN[this.algorithm](Buffer.from(input, 'utf8'), this.key);
  }
}

/** A JWS in compact form. Strings go in as they are, so that a test can write JSON that no serializer would. */
export function signCompact(key: SigningKey, header: object | string, payload: object | string): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${key.sign(input).toString('base64url')}`;
}

function encode(part: object | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part), 'utf8').toString('base64url');
}
