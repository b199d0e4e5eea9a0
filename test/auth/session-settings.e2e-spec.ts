import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { newSecrets } from '../support/secrets.js';
import { failToStart, type Environment } from '../support/service.js';
import { AuthReplicas, beginSession, newPerson, refresh, tryRefresh } from '../support/sessions.js';

const GOOD = {
  JWT_ISSUER: 'https://auth.example.com',
  ...newSecrets(),
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
};

describe('auth refuses to start', () => {
  const SECRET_RULE =
    /^ {2}REFRESH_TOKEN_SECRET must be 32 random bytes in base64: openssl rand -base64 32$/m;
  it.each<[string, Environment, RegExp]>([
    [
      'in production without REFRESH_TOKEN_SECRET',
      { NODE_ENV: 'production', REFRESH_TOKEN_SECRET: '' },
      SECRET_RULE,
    ],
    ['with one that is too short', { REFRESH_TOKEN_SECRET: randomBytes(31).toString('base64') }, SECRET_RULE],
    ['with one that is too long', { REFRESH_TOKEN_SECRET: randomBytes(33).toString('base64') }, SECRET_RULE],
    ['with one that is a repetition', { REFRESH_TOKEN_SECRET: 'abcd'.repeat(10) + 'abc=' }, SECRET_RULE],
    [
      'with a previous one that is none',
      { REFRESH_TOKEN_SECRET_PREVIOUS: 'a previous secret' },
      /^ {2}REFRESH_TOKEN_SECRET_PREVIOUS must be 32 random bytes/m,
    ],
    [
      'in production without REVOCATION_FEED_KEY',
      { NODE_ENV: 'production', REVOCATION_FEED_KEY: '' },
      /^ {2}REVOCATION_FEED_KEY must be/m,
    ],
    [
      'with a short feed key',
      { REVOCATION_FEED_KEY: 'x'.repeat(31) },
      /^ {2}REVOCATION_FEED_KEY must be.*32/m,
    ],
    [
      'with a grace of more than a minute',
      { REFRESH_GRACE_SECONDS: '61' },
      /^ {2}REFRESH_GRACE_SECONDS must be a whole number of seconds from 0 to 60$/m,
    ],
    ['with no idle time', { SESSION_IDLE_SECONDS: '0' }, /^ {2}SESSION_IDLE_SECONDS must be .* from 1 to/m],
    [
      'with half a second',
      { SESSION_ABSOLUTE_SECONDS: '0.5' },
      /^ {2}SESSION_ABSOLUTE_SECONDS must be .* from 1 to/m,
    ],
  ])('%s', async (_case, environment, line) => {
    const { code, stderr, output } = await failToStart('auth', { ...GOOD, ...environment });
    expect([code, stderr]).toEqual([1, expect.stringMatching(line)]);
    expect(stderr.trim().split('\n')).toHaveLength(2);
    for (const value of Object.values(environment)) {
      if (value && value.length > 16) expect(output).not.toContain(value);
    }
  });
});

describe('with settings of its own', () => {
  let replicas: AuthReplicas;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
  });
  afterAll(() => replicas.end());

  it('a session keeps to them', async () => {
    const auth = await replicas.start({
      REFRESH_GRACE_SECONDS: '0',
      SESSION_IDLE_SECONDS: '1000',
      SESSION_ABSOLUTE_SECONDS: '1500',
    });
    const email = await newPerson(auth);
    const withoutGrace = await beginSession(auth, email);
    await refresh(auth, withoutGrace.refresh_token);
    expect((await tryRefresh(auth, withoutGrace.refresh_token)).status).toBe(401);

    const idle = await beginSession(auth, email);
    await replicas.age(1000);
    expect((await tryRefresh(auth, idle.refresh_token)).status).toBe(401);

    const busy = await beginSession(auth, email);
    await replicas.age(900);
    const next = await refresh(auth, busy.refresh_token);
    await replicas.age(600);
    expect((await tryRefresh(auth, next.refresh_token)).status).toBe(401);
  });
});
