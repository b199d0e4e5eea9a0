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
import { PUBLIC_KEY_ALGORITHMS, type TokenAlgorithm } from '../jose/algorithm.js';

function generate(algorithm: TokenAlgorithm): KeyObject {
  if (algorithm === 'HS256') return createSecretKey(Buffer.from(randomBytes(32).toString('base64'), 'utf8'));
  const { kty, crv = '' } = PUBLIC_KEY_ALGORITHMS[algorithm];
  if (kty === 'EC') return generateKeyPairSync('ec', { namedCurve: crv }).privateKey;
  if (kty === 'RSA') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return generateKeyPairSync('ed25519').privateKey;
}

function signBy(algorithm: TokenAlgorithm, bytes: Buffer, key: KeyObject): Buffer {
  if (algorithm === 'HS256') return createHmac('sha256', key).update(bytes).digest();
  const { kty, hash, isPss } = PUBLIC_KEY_ALGORITHMS[algorithm];
  const padding = isPss && {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  return sign(hash, bytes, { key, ...(kty === 'EC' && { dsaEncoding: 'ieee-p1363' as const }), ...padding });
}

/** The key of a pretended issuer: the secret of `HS256`, or a private key. */
export class SigningKey {
  /** @param key generated unless given */
  constructor(
    readonly algorithm: TokenAlgorithm,
    readonly kid: string,
    readonly key: KeyObject = generate(algorithm),
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
    return signBy(this.algorithm, Buffer.from(input, 'utf8'), this.key);
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
