import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  randomUUID,
  sign as signBytes,
  type KeyObject,
} from 'node:crypto';
import { AUDIENCE, ISSUER, type Keys, type Setup } from './protocol.ts';

type Algorithm = Setup['algorithm'];

/** Keys for an algorithm. */
export function makeKeys(algorithm: Algorithm, secret: string): Keys {
  if (algorithm === 'HS256') {
    const key = createSecretKey(Buffer.from(secret));
    return { privateKey: key, publicKey: key };
  }
  const privateKey = generatePrivateKey(algorithm);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** A token of a new user and session, good for an hour; `sid` where the session matters. */
export function sign(algorithm: Algorithm, key: KeyObject, sid: string = randomUUID()): string {
  const iat = Math.floor(Date.now() / 1000);
  const header = { alg: algorithm, typ: 'at+jwt', ...(algorithm !== 'HS256' && { kid: 'key' }) };
  const claims = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: randomUUID(),
    client_id: 'bench',
    jti: randomUUID(),
    sid,
  };
  const input = `${encode(header)}.${encode({ ...claims, iat, exp: iat + 3600 })}`;
  return `${input}.${signature(algorithm, key, Buffer.from(input)).toString('base64url')}`;
}

function signature(algorithm: Algorithm, key: KeyObject, input: Buffer): Buffer {
  switch (algorithm) {
    case 'HS256':
      return createHmac('sha256', key).update(input).digest();
    case 'ES256':
      return signBytes('sha256', input, { key, dsaEncoding: 'ieee-p1363' });
    case 'PS256':
      return signBytes('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
    case 'RS256':
      return signBytes('sha256', input, key);
    case 'EdDSA':
      return signBytes(null, input, key);
  }
}

function generatePrivateKey(algorithm: Exclude<Algorithm, 'HS256'>): KeyObject {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    case 'EdDSA':
      return generateKeyPairSync('ed25519').privateKey;
    case 'RS256':
    case 'PS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
