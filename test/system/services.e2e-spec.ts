import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { request } from '../support/http.js';
import { readMetrics } from '../support/metrics.js';
import {
  addClient,
  basic,
  clientCredentials,
  exchange,
  postForm,
  type RegisteredClient,
} from '../support/oauth.js';
import { operateJson } from '../support/operator.js';
import { startReports } from '../support/reports/start.js';
import { newKeyRing } from '../support/secrets.js';
import { startService, type Environment, type RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  eventually,
  newPerson,
  type Tokens,
} from '../support/sessions.js';

/** What `reports` says of the call that it has made. */
interface Called {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly token: string;
}

const GRANTS = '--audience business --scope tasks:statistics --on-behalf-of-users';

describe('a service that calls another one', () => {
  let replicas: AuthReplicas;
  let environment: Environment;
  let auth: RunningService;
  let business: RunningService;
  let reports: RunningService;
  let client: RegisteredClient;
  let gateway: RegisteredClient;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    environment = {
      ...replicas.environment,
      ...newKeyRing(),
      JWT_AUDIENCE: 'business,reports',
    };
    auth = await replicas.start(environment);
    client = await addClient('reports', GRANTS, environment);
    gateway = await addClient('gateway', '--audience reports --scope read --on-behalf-of-users', environment);
    business = await startBusiness();
    reports = await startReports({
      ...trust(),
      JWT_AUDIENCE: 'reports',
      BUSINESS_URL: business.url,
      CLIENT_ID: 'reports',
      CLIENT_SECRET: client.client_secret,
    });
  });
  afterAll(() => replicas.end());

  const trust = () => {
    const { REVOCATION_FEED_KEY } = replicas.secrets;
    return { REVOCATION_FEED_KEY, JWT_ALGORITHM: 'ES256', AUTH_URL: auth.url };
  };
  const startBusiness = async () => {
    const DATABASE_URL = await replicas.urlOf('business');
    return startService('business', { ...trust(), DATABASE_URL, JWT_AUDIENCE: 'business' });
  };
  const logIn = async (): Promise<Tokens> => beginSession(auth, await newPerson(auth));
  const report = (token: string) => request<Called>('GET', `${reports.url}/report`, { token });
  const statusAt = async ({ url }: RunningService, path: string, token: string) =>
    (await request('GET', url + path, { token })).status;
  /** Waits until business no longer takes a token; how soon that is, `npm run bench:revocation` shows. */
  const endsWith = async (token: string, end: () => Promise<unknown>): Promise<void> => {
    expect(await statusAt(business, '/tasks', token)).toBe(200);
    await end();
    await eventually(async () => (await statusAt(business, '/tasks', token)) === 401);
  };

  it("reads the tasks of its user, with a token that business alone takes, in the user's own session", async () => {
    const user = await logIn();
    await request('POST', `${business.url}/tasks`, { token: user.access_token, body: { title: 'of Ada' } });
    const { status, body } = await report(user.access_token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 200, body: { tasks: [{ title: 'of Ada' }] } });
    const [subject, claims] = [claimsOf(user.access_token), claimsOf(body.token)];
    expect(claims).toMatchObject({
      sub: subject.sub,
      sid: subject.sid,
      aud: 'business',
      client_id: 'reports',
      act: { sub: 'reports' },
    });
    expect(await statusAt(business, '/tasks', body.token)).toBe(200);
    expect(await statusAt(reports, '/report', body.token)).toBe(401);
    expect(await statusAt(auth, '/auth/me', body.token)).toBe(401);
  });

  it('calls as itself where the route says so, and nowhere else', async () => {
    const user = await logIn();
    const { body } = await request<Called>('GET', `${reports.url}/statistics`, { token: user.access_token });
    expect(body).toMatchObject({ status: 200, body: { tasks: { open: expect.any(Number) } } });
    expect(claimsOf(body.token)).toMatchObject({
      sub: 'reports',
      aud: 'business',
      scope: 'tasks:statistics',
    });
    expect((await request('GET', `${business.url}/statistics`, { token: user.access_token })).status).toBe(
      403,
    );
  });

  it("a client's own token is 403 USER_REQUIRED on every route of users, of business and of auth", async () => {
    const own = (await clientCredentials(auth, client, { audience: 'business' })).body.access_token;
    const { paths } = (await request<{ paths: Record<string, object> }>('GET', `${business.url}/docs-json`))
      .body;
    const routes = Object.entries(paths)
      .filter(([path]) => /^\/(tasks|dashboard)/.test(path))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
      );
    expect(routes.length).toBeGreaterThan(5);
    for (const [method, path] of routes) {
      const url = business.url + path.replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000');
      const answer = await request(method, url, { token: own });
      expect({ method, path, status: answer.status, code: answer.body['code'] }).toEqual({
        method,
        path,
        status: 403,
        code: 'USER_REQUIRED',
      });
    }
    for (const path of ['/auth/me', '/auth/sessions']) expect(await statusAt(auth, path, own)).toBe(401);
  });

  it('a route may be open to one client alone', async () => {
    const other = await addClient('stranger', '--audience reports', environment);
    const tokens = await Promise.all(
      [gateway, other].map(
        async (caller) => (await clientCredentials(auth, caller, { audience: 'reports' })).body.access_token,
      ),
    );
    const answers = await Promise.all(
      tokens.map((token) => request('GET', `${reports.url}/whoami`, { token })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
    expect(answers[0]?.body).toEqual({ kind: 'client', scopes: ['read'] });
  });

  it('a chain of services carries the user along, and each of them in act', async () => {
    const user = await logIn();
    const forReports = (await exchange(auth, gateway, user.access_token, { audience: 'reports' })).body
      .access_token;
    const { status, body } = await report(forReports);
    expect({ status, called: body.status }).toEqual({ status: 200, called: 200 });
    expect(claimsOf(body.token)['act']).toEqual({ sub: 'reports', act: { sub: 'gateway' } });
    await business.prints('"clients":"reports gateway"');
    const { sid } = claimsOf(user.access_token);
    await report(forReports);
    const acted = await replicas.query(
      `select doer, subject from audit_events where event = 'token_exchanged' and session_id = $1 order by id`,
      [sid],
    );
    expect(acted).toEqual([
      { doer: 'gateway', subject: 'reports' },
      { doer: 'reports gateway', subject: 'business' },
    ]);
  });

  it.each([
    [
      'its user logs out',
      'session',
      (user: Tokens) => request('POST', `${auth.url}/auth/logout`, { token: user.access_token }),
    ],
    ['its client is disabled', 'client', () => operateJson(['clients', 'disable', 'reports'], environment)],
    [
      'a client before it in the chain is removed',
      'chain',
      () => operateJson(['clients', 'remove', 'gateway'], environment),
    ],
  ])('an exchanged token ends when %s', async (_, kind, end) => {
    const user = await logIn();
    const first = (await exchange(auth, gateway, user.access_token, { audience: 'reports' })).body
      .access_token;
    const { token } = (await report(kind === 'chain' ? first : user.access_token)).body;
    await endsWith(token, () => end(user));
    if (kind === 'session') expect((await report(user.access_token)).status).toBe(401);
    if (kind === 'client') {
      expect(await report(user.access_token)).toMatchObject({
        status: 502,
        body: { code: 'SERVICE_CALL_DENIED' },
      });
      await operateJson(['clients', 'enable', 'reports'], environment);
      expect(await statusAt(business, '/tasks', token)).toBe(401);
      expect((await report(user.access_token)).body.status).toBe(200);
    }
  });

  it('ends one of its tokens and keeps the others; a business that starts later refuses it too', async () => {
    const audience = 'business';
    const tokens = [
      await clientCredentials(auth, client, { audience }),
      await clientCredentials(auth, client, { audience }),
    ];
    const [leaked, other] = tokens.map(({ body }) => body.access_token) as [string, string];
    expect([
      await statusAt(business, '/statistics', leaked),
      await statusAt(business, '/statistics', other),
    ]).toEqual([200, 200]);
    const refusals = async () => (await readMetrics(business)).get('token_checks_total{outcome="revoked"}')!;
    const refused = await refusals();
    await postForm(`${auth.url}/oauth/revoke`, { token: leaked }, basic(client));
    await eventually(async () => (await statusAt(business, '/statistics', leaked)) === 401);
    expect(await statusAt(business, '/statistics', other)).toBe(200);
    expect(await refusals()).toBeGreaterThan(refused);
    const later = await startBusiness();
    expect(await statusAt(later, '/statistics', leaked)).toBe(401);
    expect(await statusAt(later, '/statistics', other)).toBe(200);
    await later.stop();
  });

  it("all tokens of a key end with it, and services go on with the next one's", async () => {
    const user = await logIn();
    const { token } = (await report(user.access_token)).body;
    const { kid } = decodeProtectedHeader(token);
    await endsWith(token, () => operateJson(['keys', 'revoke', String(kid), '--force'], environment));
    const after = await logIn();
    expect((await report(after.access_token)).body.status).toBe(200);
  });

  it('a secret that is revoked ends what the client holds, and the service says why it cannot call', async () => {
    const user = await logIn();
    const { token } = (await report(user.access_token)).body;
    const end = () => operateJson(['clients', 'rotate-secret', 'reports', '--now'], environment);
    await endsWith(token, end);
    const another = await logIn();
    expect(await report(another.access_token)).toMatchObject({
      status: 502,
      body: { code: 'SERVICE_CALL_DENIED' },
    });
    expect(reports.output()).toContain('invalid_client');
  });
});
