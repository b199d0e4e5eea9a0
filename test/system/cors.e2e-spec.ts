import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { failToStart, type RunningService } from '../support/service.js';
import { AuthReplicas } from '../support/sessions.js';

const ORIGIN = 'https://app.example.com';
const STRANGER = 'https://app.example.com.evil.example';
const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization',
};

describe.each(['auth', 'business'] as const)('%s, called by pages of other origins,', (app) => {
  let replicas: AuthReplicas;
  let service: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    service = await replicas.startService(app, { CORS_ORIGINS: `http://localhost:5173, ${ORIGIN}` });
  });
  afterAll(() => replicas.end());

  const path = app === 'auth' ? '/auth/me' : '/tasks';
  const call = (method: string, url: string, headers: Readonly<Record<string, string>>) =>
    fetch(url, { method, headers });

  const ROUTES = ['/health/ready', '/metrics', '/docs', '/docs-json', '/no/such/path'];
  const OF_AUTH = ['/login', '/revocations', '/oauth/token', '/ssf/poll', '/.well-known/jwks.json'];
  it.each([path, ...ROUTES, ...(app === 'auth' ? OF_AUTH : [])])(
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

  const JSON_TYPE = { 'content-type': 'application/json' };
  const [open, large] = [app === 'auth' ? '/auth/login' : path, JSON.stringify('x'.repeat(2_000_000))];
  it.each<[string, string, number, RequestInit?]>([
    ['a refusal of the guard', path, 401],
    ['an unknown path', '/no/such/path', 401],
    ['a path that is none', '/%zz', 400],
    ['a body that is too large', open, 413, { method: 'POST', headers: JSON_TYPE, body: large }],
    [
      'a body that is no JSON',
      open,
      app === 'auth' ? 400 : 401,
      { method: 'POST', headers: JSON_TYPE, body: '{' },
    ],
    ['a good answer', '/health/live', 200],
  ])('lets an allowed page read %s', async (_case, at, status, init = {}) => {
    const headersSent = { ...(init.headers as Record<string, string>), origin: ORIGIN };
    const answer = await fetch(`${service.url}${at}`, { ...init, headers: headersSent });
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
    ['the same origin in capitals', 'https://APP.example.com'],
    ['the same origin with its port', 'https://app.example.com:443'],
    ['the same origin with a slash', `${ORIGIN}/`],
    ['the same origin with a dot', `${ORIGIN}.`],
    ['a host below it', 'https://evil.app.example.com'],
    ['a host that ends alike', 'https://evil-app.example.com'],
    ['two origins', `${ORIGIN} https://evil.example`],
    ['an origin after a comma', `https://evil.example, ${ORIGIN}`],
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

  it('lets no page reach into a private network beyond what browsers allow', async () => {
    const headers = { origin: ORIGIN, ...PREFLIGHT, 'access-control-request-private-network': 'true' };
    const answer = await call('OPTIONS', `${service.url}${path}`, headers);
    expect([answer.status, answer.headers.get('access-control-allow-private-network')]).toEqual([204, null]);
  });

  it('takes OPTIONS that is no preflight for a request as any other', async () => {
    expect((await call('OPTIONS', `${service.url}${path}`, {})).status).toBe(401);
    expect((await call('OPTIONS', `${service.url}${path}`, { origin: ORIGIN })).status).toBe(401);
  });

  it('allows none unless told', async () => {
    const closed = await replicas.startService(app);
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
    const { code, stderr } = await failToStart(app, { ...(await replicas.environmentOf(app)), CORS_ORIGINS });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^ {2}CORS_ORIGINS must be exact origins/m)]);
  });
});
