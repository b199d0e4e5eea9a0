import { describe, expect, it } from '@jest/globals';
import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { TOKEN_ALGORITHMS } from '../jose/algorithm.js';
import { SigningKey } from '../testing/index.js';
import { SharedSecretSource } from './shared-secret.source.js';
import { trustedKey } from './trusted-key.js';

const secret = (bytes: number) => createSecretKey(Buffer.alloc(bytes, 7));

describe('a trusted key', () => {
  it.each(TOKEN_ALGORITHMS)('of %s is bound to its algorithm, and frozen', (algorithm) => {
    const key = algorithm === 'HS256' ? secret(32) : new SigningKey(algorithm, 'kid').publicKey;
    const trusted = trustedKey(algorithm, key, 'kid');
    expect(trusted).toMatchObject({ algorithm, kid: 'kid' });
    expect(Object.isFrozen(trusted)).toBe(true);
  });

  it.each([
    ['HS256', 'an empty secret', () => secret(0)],
    ['HS256', 'a secret of 31 bytes', () => secret(31)],
    ['HS256', 'a public key', () => generateKeyPairSync('ed25519').publicKey],
    ['ES256', 'a secret', () => secret(32)],
    ['ES256', 'a private key', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['ES256', 'a key on P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
    ['ES256', 'a key on secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey],
    ['ES256', 'an Ed25519 key', () => generateKeyPairSync('ed25519').publicKey],
    ['ES384', 'a key on P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
    ['ES384', 'a key on P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey],
    ['ES512', 'a key on P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
    ['RS512', 'a modulus of 1024 bits', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey],
    ['PS384', 'an EC key', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
    ['EdDSA', 'an Ed448 key', () => generateKeyPairSync('ed448').publicKey],
    ['EdDSA', 'an X25519 key', () => generateKeyPairSync('x25519').publicKey],
    ['EdDSA', 'a private key', () => generateKeyPairSync('ed25519').privateKey],
    ['RS256', 'a modulus of 1024 bits', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey],
    ['PS256', 'a modulus of 2040 bits', () => generateKeyPairSync('rsa', { modulusLength: 2040 }).publicKey],
    [
      'RS256',
      'an exponent of 3',
      () => generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey,
    ],
    ['RS256', 'an EC key', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
  ] as const)('of %s is never %s', (algorithm, _, key) => {
    expect(() => trustedKey(algorithm, key())).toThrow(TypeError);
  });
});

describe('a shared secret', () => {
  it('is tried together with the one before it, whatever kid a token names', () => {
    const source = new SharedSecretSource('c'.repeat(32), 'p'.repeat(32));
    const keys = source.find();
    expect(keys.map(({ key }) => key.export().toString())).toEqual(['c'.repeat(32), 'p'.repeat(32)]);
    expect(keys.every((key) => source.isTrusted(key))).toBe(true);
  });

  it('trusts no key of another source, though it be the same secret', () => {
    const [stranger] = new SharedSecretSource('c'.repeat(32)).find();
    expect(stranger && new SharedSecretSource('c'.repeat(32)).isTrusted(stranger)).toBe(false);
  });

  it.each(['', 'short', 'x'.repeat(31)])(
    'is refused when it is too short, also as the previous one: %j',
    (short) => {
      expect(() => new SharedSecretSource(short)).toThrow(TypeError);
      expect(() => new SharedSecretSource('c'.repeat(32), short)).toThrow(TypeError);
    },
  );

  it('is measured in bytes', () => {
    expect(new SharedSecretSource('é'.repeat(16)).find()).toHaveLength(1);
  });
});
