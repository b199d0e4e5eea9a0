import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { deploy, PASSWORD, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { readMetrics, type Metrics } from '../support/metrics.js';
import { eventually } from '../support/sessions.js';
import { forge } from '../support/tokens.js';

describe('metrics', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy();
  });
  afterAll(() => undeploy(deployment));

  const read = (app: 'auth' | 'business') => readMetrics(deployment[app]);
  /** What `series` has grown by. */
  const growth = (before: Metrics, after: Metrics, series: string) =>
    (after.get(series) ?? NaN) - (before.get(series) ?? NaN);

  it('count logins by what came of them', async () => {
    const before = await read('auth');
    await signUp(deployment, 'ada@example.com');
    const body = { email: 'ada@example.com', password: 'not her password at all' };
    await request('POST', `${deployment.auth.url}/auth/login`, { body });
    const after = await read('auth');
    for (const outcome of ['ok', 'failed']) {
      expect([outcome, growth(before, after, `logins_total{outcome="${outcome}"}`)]).toEqual([outcome, 1]);
    }
    expect(after.get('rate_limited_total{policy="login"}')).toBe(0);
  });

  it('tell how many password checks wait, run and were refused', async () => {
    const body = { email: 'nobody@example.com', password: PASSWORD };
    const logins = Array.from({ length: 120 }, () =>
      request('POST', `${deployment.auth.url}/auth/login`, { body }),
    );
    const answers = Promise.all(logins);
    await eventually(async () => {
      const metrics = await read('auth');
      const waiting = metrics.get('password_hashes_waiting') ?? NaN;
      return waiting > 0 && metrics.get('password_hashes_running') === 2;
    });
    const refused = (await answers).filter(({ status }) => status === 503).length;
    const after = await read('auth');
    const counted = ['full', 'late'].map(
      (reason) => after.get(`password_hashes_refused_total{reason="${reason}"}`) ?? NaN,
    );
    expect(counted[0]! + counted[1]!).toBe(refused);
    expect(after.get('logins_total{outcome="overloaded"}')).toBe(refused);
  });

  it.each(['auth', 'business'] as const)('count at %s why tokens are refused', async (app) => {
    const url = deployment[app].url + (app === 'auth' ? '/auth/me' : '/dashboard');
    const past = Math.floor(Date.now() / 1000) - 600;
    const ask = (token?: string) => request('GET', url, { token });
    const before = await read(app);
    await ask();
    await ask('not.a.token');
    await ask(await forge('some other secret that is long enough'));
    await ask(await forge(deployment.secret, { iss: 'http://somebody.else' }));
    await ask(await forge(deployment.secret, { iat: past, exp: past + 300 }));
    const after = await read(app);
    for (const outcome of ['missing', 'malformed', 'signature', 'issuer', 'expired']) {
      expect([outcome, growth(before, after, `token_checks_total{outcome="${outcome}"}`)]).toEqual([
        outcome,
        1,
      ]);
    }
  });

  it.each(['auth', 'business'] as const)('count at %s what the token cache answers', async (app) => {
    const token = await signUp(deployment, `${app}@example.com`);
    const url = deployment[app].url + (app === 'auth' ? '/auth/me' : '/dashboard');
    const before = await read(app);
    for (let i = 0; i < 5; i++) await request('GET', url, { token });
    const after = await read(app);
    expect({
      hit: growth(before, after, 'token_cache_lookups_total{outcome="hit"}'),
      miss: growth(before, after, 'token_cache_lookups_total{outcome="miss"}'),
      accepted: growth(before, after, 'token_checks_total{outcome="accepted"}'),
      entries: growth(before, after, 'token_cache_entries'),
    }).toEqual({ hit: 4, miss: 1, accepted: 5, entries: 1 });
    expect(growth(before, after, 'token_cache_bytes')).toBeGreaterThan(token.length);
  });

  it.each(['auth', 'business'] as const)('show the database pool and the event loop of %s', async (app) => {
    const metrics = await read(app);
    expect(metrics.get('database_pool_size')).toBe(10);
    const connections = metrics.get('database_pool_connections') ?? NaN;
    expect(connections).toBeGreaterThan(0);
    expect(metrics.get('database_pool_idle')).toBeLessThanOrEqual(connections);
    expect(metrics.get('database_pool_waiting')).toBe(0);
    expect(metrics.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  it.each(['auth', 'business'] as const)('of %s grow by no series, whatever callers type', async (app) => {
    const { url } = deployment[app];
    const shower = async () => {
      const typed = randomUUID();
      const headers = { 'user-agent': typed, 'x-request-id': typed, traceparent: typed, host: typed };
      const token = await forge(deployment.secret, { iss: typed, sub: typed, aud: typed });
      await request('GET', `${url}/${typed}?${typed}=${typed}`, { token, headers });
      await request('PURGE', `${url}/${typed}`, { headers });
      await request('POST', `${url}/auth/login`, { body: { email: typed, password: typed, [typed]: typed } });
      await request('GET', `${url}/tasks/${typed}`, { token: typed });
    };
    await shower();
    const before = await read(app);
    for (let i = 0; i < 5; i++) await shower();
    const after = await read(app);
    // Node's own are about what the process is doing right now.
    const own = [...after.keys()].filter((series) => !series.startsWith('nodejs_'));
    expect(own.filter((series) => !before.has(series))).toEqual([]);
  });
});
