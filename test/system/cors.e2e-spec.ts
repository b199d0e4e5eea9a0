import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@signet/service-kit/testing';
import { databaseOf } from '../support/deployment.js';
import { failToStart, startService, stopAll, type RunningService } from '../support/service.js';

const ORIGIN = 'https://app.example.com';
const STRANGER = 'https://app.example.com.evil.example';
const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization',
};

describe.each(['auth', 'business'] as const)('%s, called by pages of other origins,', (app) => {
  let database: TestDatabase;
  let service: RunningService;
  const environment = () => ({
    DATABASE_URL: database.url,
    JWT_SECRET: 'c2VhbGVkIHdpdGggYSBzaWduZXQgcmluZyBvZiBnb2xk',
  });
  beforeAll(async () => {
    database = await databaseOf(app);
    service = await startService(app, {
      ...environment(),
      CORS_ORIGINS: `http://localhost:5173, ${ORIGIN}`,
    });
  });
  afterAll(async () => {
    await stopAll();
    await database.drop();
  });

  const path = app === 'auth' ? '/auth/me' : '/tasks';
  const call = (method: string, url: string, headers: Readonly<Record<string, string>>) =>
    fetch(url, { method, headers });

  it.each([path, '/health/ready', '/no/such/path'])(
    'answers a preflight of %s without a token',
    async (at) => {
      const answer = await call('OPTIONS', `${service.url}${at}`, { origin: ORIGIN, ...PREFLIGHT });
      expect([answer.status, await answer.text()]).toEqual([204, '']);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': 'authorization',
        'access-control-allow-methods': expect.stringContaining('DELETE'),
        'access-control-max-age': '600',
        vary: expect.stringMatching(/Origin/i),
      });
    },
  );

  it.each([
    ['a refusal of the guard', path, 401],
    ['an unknown path', '/no/such/path', 401],
    ['a path that is none', '/%zz', 400],
    ['a good answer', '/health/live', 200],
  ])('lets an allowed page read %s', async (_case, at, status) => {
    const answer = await call('GET', `${service.url}${at}`, { origin: ORIGIN });
    expect(answer.status).toBe(status);
    const { headers } = answer;
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('vary')).toMatch(/origin/i);
    for (const name of ['Retry-After', 'RateLimit', 'RateLimit-Policy', 'WWW-Authenticate', 'X-Request-Id'])
      expect(headers.get('access-control-expose-headers')).toContain(name);
  });

  it.each([
    ['a stranger', STRANGER],
    ['a sibling port', 'https://app.example.com:8443'],
    ['the same host without TLS', 'http://app.example.com'],
    ['null', 'null'],
  ])('gives a page of %s nothing to read an answer by', async (_case, origin) => {
    for (const method of ['OPTIONS', 'GET']) {
      const answer = await call(method, `${service.url}${path}`, { origin, ...PREFLIGHT });
      expect(answer.status).toBe(method === 'OPTIONS' ? 204 : 401);
      const names = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect(names).toEqual([]);
      expect(answer.headers.get('vary')).toMatch(/origin/i);
    }
  });

  it('takes OPTIONS that is no preflight for a request as any other', async () => {
    expect((await call('OPTIONS', `${service.url}${path}`, {})).status).toBe(401);
    expect((await call('OPTIONS', `${service.url}${path}`, { origin: ORIGIN })).status).toBe(401);
  });

  it('allows none unless told', async () => {
    const closed = await startService(app, environment());
    const preflight = await call('OPTIONS', `${closed.url}${path}`, { origin: ORIGIN, ...PREFLIGHT });
    const answer = await call('GET', `${closed.url}${path}`, { origin: ORIGIN });
    expect([preflight.status, answer.status]).toEqual([204, 401]);
    for (const { headers } of [preflight, answer])
      expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  it.each([
    '*',
    'https://app.example.com/',
    'app.example.com',
    'https://APP.example.com',
    'null',
    ORIGIN + ',*',
  ])('does not start with the origin %s', async (CORS_ORIGINS) => {
    const { code, stderr } = await failToStart(app, { ...environment(), CORS_ORIGINS });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^ {2}CORS_ORIGINS must be exact origins/m)]);
  });
});
