import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { keyObjectOf, parsePublicClientKey } from './public-client-key.js';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwkOf = (key: typeof ec.publicKey, members = {}) =>
  JSON.stringify({ ...key.export({ format: 'jwk' }), ...members });
const pemOf = (key: typeof ec.publicKey) => key.export({ type: 'spki', format: 'pem' });

describe('the public key of a client', () => {
  it.each([
    ['a JWK on P-256', jwkOf(ec.publicKey), ['ES256']],
    ['PEM on P-256', pemOf(ec.publicKey), ['ES256']],
    ['Ed25519', pemOf(generateKeyPairSync('ed25519').publicKey), ['EdDSA']],
    ['RSA', pemOf(rsa.publicKey), ['RS256', 'PS256']],
    ['RSA for one algorithm', jwkOf(rsa.publicKey, { alg: 'PS256', use: 'sig', kid: 'k1' }), ['PS256']],
  ])('may be %s', (_, text, algorithms) => {
    const key = parsePublicClientKey(text);
    expect(key.algorithms).toEqual(algorithms);
    expect(keyObjectOf(key).type).toBe('public');
  });

  it('is stored without what is not needed to use it', () => {
    const key = parsePublicClientKey(jwkOf(ec.publicKey, { kid: 'k1', x5u: 'http://evil.example' }));
    expect(Object.keys(key).toSorted()).toEqual(['algorithms', 'crv', 'kty', 'x', 'y']);
  });

  it.each([
    ['a private JWK', JSON.stringify(ec.privateKey.export({ format: 'jwk' })), 'private key'],
    ['a private PEM', ec.privateKey.export({ type: 'pkcs8', format: 'pem' }), 'private key'],
    ['a shared secret', '{"kty":"oct","k":"c2VjcmV0"}', 'private key'],
    ['a set of keys', '{"keys":[]}', 'one key'],
    ['broken JSON', '{"kty":', 'not valid JSON'],
    ['another file', 'hello', 'neither a JWK nor'],
    [
      'a curve that nothing here uses',
      pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey),
      'P-256',
    ],
    ['a short modulus', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), '2048 bits'],
    ['an algorithm of another key type', jwkOf(ec.publicKey, { alg: 'RS256' }), 'ES256'],
    ['HS256 with a public key', jwkOf(rsa.publicKey, { alg: 'HS256' }), 'RS256 or PS256'],
  ])('is not %s', (_, text, reason) => {
    expect(() => parsePublicClientKey(text)).toThrow(reason);
  });
});
