import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  eventually,
  newPerson,
  refresh,
  tryRefresh,
} from '../support/sessions.js';
import { TcpProxy } from '../support/tcp-proxy.js';

/** Auth reaches its database through a door that a test can shut; business has a database of its own. */
describe('while the database of auth is away', () => {
  let replicas: AuthReplicas;
  let door: TcpProxy;
  let auth: RunningService;
  let business: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    door = await TcpProxy.to(replicas.database.url);
    auth = await replicas.start({
      DATABASE_URL: door.url,
      RATE_LIMITS: 'on',
      DATABASE_ACQUIRE_TIMEOUT_MS: '3000',
      DATABASE_STATEMENT_TIMEOUT_MS: '3000',
    });
    business = await replicas.startService('business', { AUTH_URL: auth.url });
  });
  afterAll(async () => {
    await door.close();
    await replicas.end();
  });

  const logIn = (email: string): Promise<Answer> =>
    request('POST', `${auth.url}/auth/login`, { body: { email, password: PASSWORD } });
  const statusOf = async (path: string, token?: string) =>
    (await request('GET', auth.url + path, { token })).status;
  function expectAway(answers: readonly Answer[]): void {
    for (const { status, headers, body } of answers) {
      expect([status, body['code'], headers.get('retry-after')]).toEqual([503, 'DATABASE_UNAVAILABLE', '2']);
      expect(headers.get('content-type')).toContain('application/problem+json');
    }
  }

  it.each<[string, () => Promise<void> | void]>([
    ['refuses connections', () => door.shut()],
    ['has gone silent', () => door.fallSilent()],
  ])(
    'because it %s: auth says 503 and recovers by itself, and business goes on verifying',
    async (_case, lose) => {
      const email = await newPerson(auth);
      const { access_token: token, refresh_token } = await beginSession(auth, email);
      await lose();

      const answers = [await logIn(email), await tryRefresh(auth, refresh_token)];
      answers.push(await request('GET', `${auth.url}/auth/me`, { token }));
      expectAway(answers);
      expect([await statusOf('/health/ready'), await statusOf('/health/live')]).toEqual([503, 200]);
      expect((await request('GET', `${business.url}/dashboard`, { token })).status).toBe(200);

      await door.reopen();
      await eventually(async () => (await statusOf('/health/ready')) === 200);
      await refresh(auth, refresh_token);
      expect((await logIn(email)).status).toBe(200);
    },
  );

  it('does not end by a flood of requests, and none of them hangs', async () => {
    const email = await newPerson(auth);
    await door.shut();
    const answers = await Promise.all(Array.from({ length: 100 }, () => logIn(email)));
    const outcomes = answers.map(({ status, headers }) => `${status} ${headers.get('retry-after')}`);
    expect(new Set(outcomes)).toEqual(new Set(['503 2']));
    await door.reopen();
    await eventually(async () => (await statusOf('/health/ready')) === 200);
    expect((await logIn(email)).status).toBe(200);
  });

  it.each([
    ['whose disk is full', '53100'],
    ['that has become read-only', '25006'],
  ])(
    'cannot be written to, as one %s: 503, nothing is half done, and reading goes on',
    async (_case, code) => {
      const email = await newPerson(auth);
      const { access_token: token, refresh_token } = await beginSession(auth, email);
      await replicas.query(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '${code}'; end $$`);
      await replicas.query(
        'create trigger refuse before insert or update or delete on sessions execute function refuse()',
      );
      const logout = await request('POST', `${auth.url}/auth/logout`, { token });
      expectAway([await logIn(email), await tryRefresh(auth, refresh_token), logout]);
      expect(await statusOf('/auth/me', token)).toBe(200);
      await replicas.query('drop function refuse cascade');
      await refresh(auth, refresh_token);
    },
  );
});
