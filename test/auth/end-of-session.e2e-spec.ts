import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { FalseClock } from '../support/clock.js';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { failToStart, type RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  eventually,
  newPerson,
  refresh,
  statusOfMe,
  tryRefresh,
  type Tokens,
} from '../support/sessions.js';

/** Profile `bare` has no `sid`: what ends a session is a cut-off, which a token that is newer would survive. */
describe('no token is newer than the end of its session', () => {
  const clock = new FalseClock();
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start({
      JWT_PROFILE: 'bare',
      NODE_OPTIONS: clock.nodeOptions,
    });
  });
  afterEach(() => clock.set(0));
  afterAll(() => replicas.end());

  const logOut = ({ refresh_token }: Tokens) =>
    request('POST', `${auth.url}/auth/logout`, { body: { refresh_token } });
  const idOf = ({ access_token }: Tokens) => claimsOf(access_token).sub;

  async function expectNothingGood({ status, body }: Answer): Promise<void> {
    if (status === 401) return;
    expect([status, await statusOfMe(auth, String(body['access_token']))]).toEqual([200, 401]);
  }

  it('a refresh that waits for a cut-off to pass decides afterwards', async () => {
    const email = await newPerson(auth);
    const [first, second] = [await beginSession(auth, email), await beginSession(auth, email)];
    await logOut(first);
    const refreshing = tryRefresh(auth, second.refresh_token);
    await logOut(second);
    await expectNothingGood(await refreshing);
  });

  it('a login by the old password that waits for a cut-off to pass is refused after a change', async () => {
    const email = await newPerson(auth);
    const userId = idOf(await beginSession(auth, email));
    await replicas.query(
      `insert into revocations (kind, id, before, expires_at)
        values ('user', $1, floor(extract(epoch from clock_timestamp())) + 4, now() + interval '1 hour')`,
      [userId],
    );
    await delay(1_100);
    const login = request('POST', `${auth.url}/auth/login`, { body: { email, password: PASSWORD } });
    await delay(1_000);
    await replicas.query(
      `with ended as (delete from sessions where user_id = $1)
        update users set password_hash = password_hash || 'x' where id = $1`,
      [userId],
    );
    await expectNothingGood(await login);
  });

  it.each(['current', 'parent'])(
    'a refresh by the %s token waits for an end that is under way',
    async (which) => {
      const tokens = await beginSession(auth, await newPerson(auth));
      if (which === 'parent') await refresh(auth, tokens.refresh_token);
      const client = await replicas.connect();
      await client.query('begin');
      await client.query('delete from sessions where user_id = $1', [idOf(tokens)]);
      await client.query(
        `insert into revocations (kind, id, before, expires_at)
        values ('user', $1, floor(extract(epoch from clock_timestamp())) + 1, now() + interval '1 hour')`,
        [idOf(tokens)],
      );
      await delay(1_100);
      const refreshing = tryRefresh(auth, tokens.refresh_token);
      await delay(200);
      await client.query('commit');
      await client.end();
      const answer = await refreshing;
      await eventually(async () => (await statusOfMe(auth, tokens.access_token)) === 401);
      await expectNothingGood(answer);
    },
  );

  it.each([1_500, 4_500, -4_500])('not when the clock of auth is %d ms ahead', async (offset) => {
    clock.set(offset);
    const tokens = await beginSession(auth, await newPerson(auth));
    expect(await statusOfMe(auth, tokens.access_token)).toBe(200);
    await logOut(tokens);
    expect(await statusOfMe(auth, tokens.access_token)).toBe(401);
    clock.set(0);
    expect(await statusOfMe(auth, tokens.access_token)).toBe(401);
  });

  it('a logout that waits for nothing is at once, also in the second of another', async () => {
    const email = await newPerson(auth);
    const [first, second] = [await beginSession(auth, email), await beginSession(auth, email)];
    await logOut(first);
    expect((await logOut(second)).status).toBe(204);
    expect((await tryRefresh(auth, second.refresh_token)).status).toBe(401);
  });
});

describe('a revocation lives as long as any verifier may accept a token', () => {
  it('whatever JWT_EXPIRES_IN is now: a token from when it was longer does not come back to life', async () => {
    const replicas = await AuthReplicas.prepare();
    const before = await replicas.start({ JWT_EXPIRES_IN: '900' });
    const { access_token } = await beginSession(before, await newPerson(before));
    await before.stop();
    const auth = await replicas.start({ JWT_EXPIRES_IN: '5' });
    await request('POST', `${auth.url}/auth/logout`, { token: access_token });
    const [{ left } = { left: 0 }] = await replicas.query<{ left: number }>(
      'select extract(epoch from expires_at - now())::float as left from revocations where id = $1',
      [claimsOf(access_token).sid],
    );
    expect(left).toBeGreaterThan(3600 + 60);
    // Eighty seconds later, when it was good again.
    await replicas.query(`update revocations set expires_at = expires_at - interval '80 seconds'`);
    await auth.stop();
    expect(await statusOfMe(await replicas.start({ JWT_EXPIRES_IN: '5' }), access_token)).toBe(401);
    await replicas.end();
  });

  it('so auth issues no token that lives longer than that', async () => {
    const { code, stderr } = await failToStart('auth', { JWT_EXPIRES_IN: '900', JWT_MAX_LIFETIME: '600' });
    expect(code).toBe(1);
    expect(stderr).toContain('JWT_EXPIRES_IN must be at most JWT_MAX_LIFETIME');
  });
});
