import { describe, expect, it } from '@jest/globals';
import { newKey } from '../support/secrets.js';
import { failToStart, type Environment } from '../support/service.js';

const GOOD = {
  JWT_ISSUER: 'https://auth.example.com',
  AUTH_URL: 'https://auth.example.com',
  REVOCATION_FEED_KEY: 'f'.repeat(32),
  REFRESH_TOKEN_SECRET: newKey(),
  JWT_SECRET: 'c2VhbGVkIHdpdGggYSBzaWduZXQgcmluZyBvZiBnb2xk',
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
};

describe.each(['auth', 'business'] as const)('%s with a faulty environment', (app) => {
  it.each<[string, Environment, RegExp]>([
    ['a port that is none', { PORT: '70000' }, /^ {2}PORT must be .*0 to 65535/m],
    ['a port that is no number', { PORT: 'http' }, /^ {2}PORT must be/m],
    [
      'an unknown NODE_ENV',
      { NODE_ENV: 'prod' },
      /^ {2}NODE_ENV must be one of development, test, production$/m,
    ],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, /^ {2}LOG_LEVEL must be one of trace,/m],
    [
      'a database of another kind',
      { DATABASE_URL: 'mysql://db' },
      /^ {2}DATABASE_URL must be .*postgres:\/\//m,
    ],
    [
      'production without a database',
      { NODE_ENV: 'production', DATABASE_URL: '' },
      /^ {2}DATABASE_URL must be .*embedded database is for development/m,
    ],
    ['production without a secret', { NODE_ENV: 'production', JWT_SECRET: '' }, /^ {2}JWT_SECRET must be/m],
    ['production without an issuer', { NODE_ENV: 'production', JWT_ISSUER: '' }, /^ {2}JWT_ISSUER must be/m],
    ['a short secret', { JWT_SECRET: 'short-but-secret' }, /^ {2}JWT_SECRET must be .*32 bytes/m],
    [
      'a placeholder for a secret',
      { JWT_SECRET: 'your-256-bit-secret-goes-here-ok' },
      /^ {2}JWT_SECRET must/m,
    ],
    ['a proxy that has no address', { TRUST_PROXY: 'true' }, /^ {2}TRUST_PROXY must be the number/m],
    [
      'a receiver of traces that is no URL',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      /^ {2}OTEL_EXPORTER_OTLP_ENDPOINT must be the http:\/\/ or https:\/\/ URL/m,
    ],
    ['an unknown algorithm', { JWT_ALGORITHM: 'none' }, /^ {2}JWT_ALGORITHM must be/m],
    ['an unknown profile', { JWT_PROFILE: 'loose' }, /^ {2}JWT_PROFILE must be .*rfc9068.*bare/m],
  ])('ends with exit code 1 and one line about %s', async (_case, environment, line) => {
    const { code, stderr, output } = await failToStart(app, { ...GOOD, ...environment });
    expect(code).toBe(1);
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(2);
    const { JWT_SECRET } = environment;
    if (JWT_SECRET) expect(output).not.toContain(JWT_SECRET);
  });

  it('tells all faults at once', async () => {
    const { stderr } = await failToStart(app, { ...GOOD, PORT: '-1', LOG_LEVEL: 'x', JWT_SECRET: 'x' });
    const named = stderr
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim().split(' ')[0]);
    expect(new Set(named)).toEqual(new Set(['JWT_SECRET', 'LOG_LEVEL', 'PORT']));
  });

  it('never prints the password of a database that refuses it', async () => {
    const url = (process.env['TEST_DATABASE_URL'] ?? '').replace(/:[^:@/]*@/, ':wr0ng-passw0rd@');
    const { code, stderr, output } = await failToStart(app, { ...GOOD, DATABASE_URL: url });
    expect([code, stderr]).toEqual([1, expect.stringContaining('cannot start')]);
    expect(output).not.toContain('wr0ng-passw0rd');
  });
});

describe('business in production', () => {
  it('needs to be told where auth is', async () => {
    const environment = { ...GOOD, NODE_ENV: 'production', AUTH_URL: '' };
    const { code, stderr } = await failToStart('business', environment);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^ {2}AUTH_URL must be .* https:\/\/auth/m)]);
  });
});

describe('auth with a key ring', () => {
  const KEY_ENCRYPTION_KEY = newKey();
  const PRODUCTION = {
    ...GOOD,
    NODE_ENV: 'production',
    JWT_ISSUER: 'https://auth.example.com',
    JWT_ALGORITHM: 'ES256',
    KEY_ENCRYPTION_KEY,
  };

  it.each<[string, Environment, RegExp]>([
    ['no encryption key', { KEY_ENCRYPTION_KEY: '' }, /^ {2}KEY_ENCRYPTION_KEY must be 32 random bytes/m],
    [
      'a placeholder',
      { KEY_ENCRYPTION_KEY: 'A'.repeat(43) },
      /^ {2}KEY_ENCRYPTION_KEY must be 32 random bytes/m,
    ],
    [
      'keys that sign before verifiers have them',
      { JWKS_MAX_AGE: '600' },
      /^ {2}KEY_PUBLISH_AHEAD must be at least JWKS_MAX_AGE \+ 30 in production$/m,
    ],
    [
      'a life that is none',
      { KEY_LIFETIME: '0' },
      /^ {2}KEY_LIFETIME must be a whole number of seconds from 1/m,
    ],
  ])('does not start in production with %s', async (_case, environment, line) => {
    const { code, stderr } = await failToStart('auth', { ...PRODUCTION, ...environment });
    expect([code, stderr]).toEqual([1, expect.stringMatching(line)]);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });
});
