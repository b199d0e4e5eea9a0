import { expect, it } from '@jest/globals';
import { calculateJwkThumbprint } from 'jose';
import { generateKeyPairFor } from './new-signing-key.js';
import { publicJwkOf, thumbprintOf } from './public-jwk.js';

it('the thumbprint is that of RFC 7638 §3.1', () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj' +
    'hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ' +
    'vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK' +
    'nqDKgw';
  expect(thumbprintOf({ e: 'AQAB', kty: 'RSA', n })).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
});

it.each(['ES256', 'RS256', 'PS256', 'EdDSA'] as const)(
  'a key for %s has a public half, and jose names it alike',
  async (algorithm) => {
    const { privateKey, publicKey } = await generateKeyPairFor(algorithm);
    const jwk = publicJwkOf(privateKey);
    expect(jwk).toEqual(publicJwkOf(publicKey));
    expect(jwk).not.toHaveProperty('d');
    expect(thumbprintOf(jwk)).toBe(await calculateJwkThumbprint(jwk));
  },
);
