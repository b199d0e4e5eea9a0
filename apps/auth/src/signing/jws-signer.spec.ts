import { describe, expect, it } from '@jest/globals';
import { compactVerify, importJWK } from 'jose';
import { createHmac, createSecretKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { JwsSigner, typOf } from './jws-signer.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PAIRS = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: rsa,
  PS256: rsa,
  EdDSA: generateKeyPairSync('ed25519'),
} as const;

const publicKeyOf = (key: KeyObject, alg: string) => importJWK(key.export({ format: 'jwk' }), alg);

describe('a compact JWS', () => {
  it.each(Object.keys(PAIRS) as (keyof typeof PAIRS)[])(
    'signed with %s is one for jose',
    async (algorithm) => {
      const { privateKey, publicKey } = PAIRS[algorithm];
      const signer = new JwsSigner({ algorithm, kid: 'one', key: privateKey, typ: 'at+jwt' });
      const token = signer.compact(JSON.stringify({ sub: 'ada', name: 'Ada “Byron” 🎩' }));
      const { payload, protectedHeader } = await compactVerify(
        token,
        await publicKeyOf(publicKey, algorithm),
      );
      expect(protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: 'one' });
      expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ sub: 'ada', name: 'Ada “Byron” 🎩' });
    },
  );

  it('signed with HS256 has the HMAC of its first two parts, and no kid', () => {
    const secret = randomBytes(32);
    const token = new JwsSigner({ algorithm: 'HS256', key: createSecretKey(secret), typ: 'JWT' }).compact(
      '{"sub":"ada"}',
    );
    const [header = '', payload = '', signature] = token.split('.');
    expect(signature).toBe(createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url'));
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'JWT' });
  });

  it('is marked as an access token, or in profile bare as any JWT', () => {
    expect([typOf('rfc9068'), typOf('bare')]).toEqual(['at+jwt', 'JWT']);
  });
});
