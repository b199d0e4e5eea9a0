import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { cacheLimits, keySource, verifierOptions } from '../jwt.config.js';
import { JwksSource } from '../keys/jwks.source.js';
import { SharedSecretSource } from '../keys/shared-secret.source.js';
import { JWT_RULES } from './jwt.environment.js';
import { readEnvironment } from './read-settings.js';

const JWT_SECRET = randomBytes(32).toString('base64');
const read = (env: Record<string, string>) => readEnvironment(JWT_RULES, env).values;
const faults = (env: Record<string, string>) => readEnvironment(JWT_RULES, env).faults;

describe('the environment of a verifying service', () => {
  it('needs nothing but the secret', () => {
    expect(faults({ JWT_SECRET })).toEqual([]);
    expect(read({ JWT_SECRET })).toMatchObject({
      JWT_ALGORITHM: 'HS256',
      JWT_ISSUER: 'http://localhost:3000',
      JWT_AUDIENCE: 'signet',
      JWT_PROFILE: 'rfc9068',
      JWT_CLOCK_TOLERANCE: 5,
      JWT_MAX_LIFETIME: 3600,
      AUTH_URL: 'http://localhost:3000',
      JWKS_COOLDOWN: 30,
      JWKS_HARD_LIMIT: 3600,
    });
  });

  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'])(
    'needs no secret for %s, and looks at none',
    (JWT_ALGORITHM) => {
      expect(faults({ JWT_ALGORITHM })).toEqual([]);
      expect(faults({ JWT_ALGORITHM, JWT_SECRET: 'short', JWT_SECRET_PREVIOUS: 'short' })).toEqual([]);
    },
  );

  it.each<[Record<string, string>, string]>([
    [{}, 'JWT_SECRET must be set, to at least 32 random bytes'],
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET must be at least 32 bytes long'],
    [
      { JWT_SECRET: 'changeme'.repeat(5) },
      'JWT_SECRET must not be a repetition of a few characters: make a random one',
    ],
    [{ JWT_SECRET, JWT_SECRET_PREVIOUS: 'short' }, 'JWT_SECRET_PREVIOUS must be at least 32 bytes long'],
    ...['none', 'hs256', 'HS384', 'Ed25519', ' HS256'].map(
      (JWT_ALGORITHM): [Record<string, string>, string] => [
        { JWT_ALGORITHM, JWT_SECRET },
        'JWT_ALGORITHM must be one of HS256, ES256, RS256, PS256, EdDSA',
      ],
    ),
    [
      { JWT_SECRET, JWT_PROFILE: 'jwt' },
      'JWT_PROFILE must be rfc9068, or bare with JWT_ALGORITHM HS256 only',
    ],
    [
      { JWT_ALGORITHM: 'ES256', JWT_PROFILE: 'bare' },
      'JWT_PROFILE must be rfc9068, or bare with JWT_ALGORITHM HS256 only',
    ],
    ...['-1', '61', '1.5', 'five', 'NaN', 'Infinity', '5s'].map((value): [Record<string, string>, string] => [
      { JWT_SECRET, JWT_CLOCK_TOLERANCE: value },
      'JWT_CLOCK_TOLERANCE must be a whole number of seconds from 0 to 60',
    ]),
    [{ JWT_SECRET, JWT_AUDIENCE: ' ' }, 'JWT_AUDIENCE must be one or more names, comma separated'],
    [{ JWT_SECRET, JWT_AUDIENCE: 'a,,b' }, 'JWT_AUDIENCE must be one or more names, comma separated'],
    [
      { JWT_SECRET, JWT_ISSUER: ' ' },
      'JWT_ISSUER must be the issuer exactly as tokens name it, such as https://auth.example.com',
    ],
    ...['auth:3000', 'ftp://auth', 'javascript:alert(1)', '/auth', 'file:///etc/passwd'].map(
      (AUTH_URL): [Record<string, string>, string] => [
        { JWT_SECRET, AUTH_URL },
        'AUTH_URL must be an http:// or https:// URL, such as https://auth.example.com',
      ],
    ),
    [
      { JWT_SECRET, JWT_JWKS_URL: 'jwks.json' },
      'JWT_JWKS_URL must be an http:// or https:// URL, such as https://auth.example.com',
    ],
    [{ JWT_SECRET, JWKS_COOLDOWN: '0' }, 'JWKS_COOLDOWN must be a whole number of seconds from 1 to 86400'],
    [
      { JWT_SECRET, JWKS_HARD_LIMIT: '0' },
      'JWKS_HARD_LIMIT must be a whole number of seconds from 1 to 604800',
    ],
    [
      { JWT_SECRET, JWT_MAX_LIFETIME: '0' },
      'JWT_MAX_LIFETIME must be a whole number of seconds from 1 to 86400',
    ],
    [
      { JWT_SECRET, TOKEN_CACHE_MAX_ENTRIES: '-1' },
      'TOKEN_CACHE_MAX_ENTRIES must be a whole number from 0 to 10000000',
    ],
  ])('%j: %s', (env, fault) => {
    expect(faults(env)).toEqual([fault]);
  });

  it.each([
    'http://auth:3000',
    'https://auth.example.org',
    'http://127.0.0.1:3000/base',
    'http://localhost:3000',
  ])('takes auth at %s', (AUTH_URL) => expect(faults({ JWT_SECRET, AUTH_URL })).toEqual([]));

  it('tells of every fault at once, and takes an empty variable for one that is unset', () => {
    const env = { JWT_SECRET: 'x', JWT_ISSUER: '', JWT_AUDIENCE: ',', AUTH_URL: 'auth' };
    expect(faults(env).map((line) => line.split(' ')[0])).toEqual(['JWT_SECRET', 'JWT_AUDIENCE', 'AUTH_URL']);
  });

  it('never repeats a secret in what it says', () => {
    const secret = 'hunter2hunter2hunter2hunter2hunter2';
    expect(faults({ JWT_SECRET: secret, JWT_SECRET_PREVIOUS: 'hunter2' }).join()).not.toContain('hunter2');
  });

  it('becomes the options of a verifier', () => {
    const env = read({
      JWT_SECRET,
      JWT_AUDIENCE: ' tasks , dashboard',
      JWT_CLOCK_TOLERANCE: '7',
      JWT_PROFILE: 'bare',
    });
    expect(verifierOptions(env)).toEqual({
      algorithm: 'HS256',
      issuer: 'http://localhost:3000',
      audiences: ['tasks', 'dashboard'],
      profile: 'bare',
      clockTolerance: 7,
      maxLifetime: 3600,
    });
    const limits = read({ TOKEN_CACHE_MAX_ENTRIES: '5', TOKEN_CACHE_MAX_BYTES: '6' });
    expect(cacheLimits(limits)).toEqual({ maxEntries: 5, maxBytes: 6 });
  });

  it('becomes a source of keys: both secrets, or the key set of auth', () => {
    const secrets = keySource(read({ JWT_SECRET, JWT_SECRET_PREVIOUS: randomBytes(32).toString('hex') }));
    expect(secrets).toBeInstanceOf(SharedSecretSource);
    expect(secrets.find(undefined)).toHaveLength(2);
    expect(keySource(read({ JWT_ALGORITHM: 'ES256' }))).toBeInstanceOf(JwksSource);
  });
});
