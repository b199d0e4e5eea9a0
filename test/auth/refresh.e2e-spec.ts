import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/http.js';
import { newKey } from '../support/secrets.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  newPerson,
  refresh,
  statusOfMe,
  tryRefresh,
  type Tokens,
} from '../support/sessions.js';

describe('refreshing', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start();
  });
  afterAll(() => replicas.end());

  /** What is recorded of a session after its beginning. */
  const eventsOf = (sid: string) =>
    replicas.query(`select * from audit_events where session_id = $1 and event <> 'login'`, [sid]);
  const newSession = async (): Promise<Tokens> => beginSession(auth, await newPerson(auth));

  it('answers as login does, with the next refresh token of the same session', async () => {
    const login = await newSession();
    const answer = await tryRefresh(auth, login.refresh_token);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: expect.stringMatching(/^[\w-]{72}$/),
    });
    expect(answer.body['refresh_token']).not.toBe(login.refresh_token);
    const { sid, sub, jti } = claimsOf(String(answer.body['access_token']));
    expect({ sid, sub }).toEqual({
      sid: claimsOf(login.access_token).sid,
      sub: claimsOf(login.access_token).sub,
    });
    expect(jti).not.toBe(claimsOf(login.access_token)['jti']);
    expect(await statusOfMe(auth, String(answer.body['access_token']))).toBe(200);
  });

  it('gives fifty requests that race with one token the same successor, and the session lives on', async () => {
    const { refresh_token } = await newSession();
    const answers = await Promise.all(Array.from({ length: 50 }, () => tryRefresh(auth, refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    const successors = new Set(answers.map(({ body }) => body['refresh_token']));
    expect(successors.size).toBe(1);
    const next = await refresh(auth, String([...successors][0]));
    expect(await statusOfMe(auth, next.access_token)).toBe(200);
  });

  it('ends the session when a grandparent is shown, its access tokens included, and records it', async () => {
    const first = await newSession();
    const second = await refresh(auth, first.refresh_token);
    const third = await refresh(auth, second.refresh_token);
    expectRefused(await tryRefresh(auth, first.refresh_token));
    for (const { refresh_token } of [first, second, third])
      expectRefused(await tryRefresh(auth, refresh_token));
    for (const { access_token } of [first, second, third]) {
      expect(await statusOfMe(auth, access_token)).toBe(401);
    }
    const { sid, sub } = claimsOf(first.access_token);
    expect(await replicas.query(`select * from sessions where id = $1`, [sid])).toEqual([]);
    expect(await eventsOf(sid)).toEqual([
      {
        id: expect.any(String),
        time: expect.any(Date),
        event: 'refresh_token_reused',
        outcome: 'session_ended',
        doer: null,
        user_id: sub,
        session_id: sid,
        address: '127.0.0.1',
        user_agent: expect.any(String),
        subject: null,
      },
    ]);
  });

  it('ends the session of a thief and of fifty requests with a stolen token at once, and records it once', async () => {
    const stolen = await newSession();
    const { refresh_token } = await refresh(auth, stolen.refresh_token);
    await refresh(auth, refresh_token);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => tryRefresh(auth, stolen.refresh_token)),
    );
    for (const answer of answers) expectRefused(answer);
    const { sid } = claimsOf(stolen.access_token);
    expect(await eventsOf(sid)).toHaveLength(1);
  });

  it('knows a grandparent after a restart, and after kill -9', async () => {
    const first = await newSession();
    const second = await refresh(auth, first.refresh_token);
    const third = await refresh(auth, second.refresh_token);
    await auth.kill();
    auth = await replicas.start();
    expect(await statusOfMe(auth, third.access_token)).toBe(200);
    expectRefused(await tryRefresh(auth, first.refresh_token));
    expectRefused(await tryRefresh(auth, third.refresh_token));
    await auth.stop();
    auth = await replicas.start();
    expect(await statusOfMe(auth, third.access_token)).toBe(401);
  });

  describe('within the grace', () => {
    it('repeats the answer that got lost', async () => {
      const { refresh_token } = await newSession();
      const child = await refresh(auth, refresh_token);
      await replicas.age(5);
      expect((await refresh(auth, refresh_token)).refresh_token).toBe(child.refresh_token);
      await refresh(auth, child.refresh_token);
    });

    it('is over as soon as the child is used', async () => {
      const parent = await newSession();
      const child = await refresh(auth, parent.refresh_token);
      await refresh(auth, child.refresh_token);
      expectRefused(await tryRefresh(auth, parent.refresh_token));
      expectRefused(await tryRefresh(auth, child.refresh_token));
    });

    it('is over after ten seconds from the first use, and later shows end the session', async () => {
      const parent = await newSession();
      const child = await refresh(auth, parent.refresh_token);
      await replicas.age(10);
      expectRefused(await tryRefresh(auth, parent.refresh_token));
      expectRefused(await tryRefresh(auth, child.refresh_token));
      expect(await statusOfMe(auth, child.access_token)).toBe(401);
    });

    it('does not begin anew with each use', async () => {
      const { refresh_token } = await newSession();
      await refresh(auth, refresh_token);
      await replicas.age(6);
      await refresh(auth, refresh_token);
      await replicas.age(6);
      expectRefused(await tryRefresh(auth, refresh_token));
    });
  });

  describe('the end of a session', () => {
    const DAY = 86_400;

    it('comes after thirty days without a refresh', async () => {
      const { refresh_token } = await newSession();
      await replicas.age(30 * DAY - 60);
      const next = await refresh(auth, refresh_token);
      await replicas.age(30 * DAY);
      expectRefused(await tryRefresh(auth, next.refresh_token));
    });

    it('comes after ninety days however often it is refreshed', async () => {
      let { refresh_token } = await newSession();
      for (let days = 0; days < 75; days += 15) {
        await replicas.age(15 * DAY);
        ({ refresh_token } = await refresh(auth, refresh_token));
      }
      await replicas.age(15 * DAY - 60);
      ({ refresh_token } = await refresh(auth, refresh_token));
      await replicas.age(60);
      expectRefused(await tryRefresh(auth, refresh_token));
    });

    it('comes for the parent within its grace, too', async () => {
      const { refresh_token } = await newSession();
      await refresh(auth, refresh_token);
      await replicas.query(`update sessions set expires_at = now()`);
      expectRefused(await tryRefresh(auth, refresh_token));
    });
  });

  describe('with a token that is not good', () => {
    const changed = (token: string, at: number): string => {
      const bytes = Buffer.from(token, 'base64url');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes.toString('base64url');
    };

    it.each<[string, (token: string, other: string) => string]>([
      ['another session’s id', (token) => changed(token, 15)],
      ['another counter', (token) => changed(token, 21)],
      ['a forged MAC', (token) => changed(token, 53)],
      ['the MAC of another session', (token, other) => token.slice(0, 30) + other.slice(30)],
      ['one character less', (token) => token.slice(0, -1)],
      ['one character more', (token) => `${token}A`],
      ['white space around it', (token) => ` ${token}`],
      ['a line feed behind it', (token) => `${token}\n`],
      ['padding', (token) => `${token.slice(0, -1)}=`],
      ['another alphabet', (token) => `+${token.slice(1)}`],
      ['nothing', () => ''],
      ['rubbish', () => '\u0000'],
      ['an access token’s look', () => 'a.b.c'],
    ])('refuses %s, in the same words as all others, and leaves the session alone', async (_case, spoil) => {
      const [{ refresh_token }, other] = [await newSession(), await newSession()];
      expectRefused(await tryRefresh(auth, spoil(refresh_token, other.refresh_token)));
      await refresh(auth, refresh_token);
    });

    it.each([
      ['a number', 1],
      ['an object', { $ne: '' }],
      ['null', null],
      ['nothing', undefined],
      ['a list', ['x']],
      ['a text of 1,025 characters', 'x'.repeat(1025)],
    ])('answers 400 to %s', async (_case, token) => {
      const answer = await tryRefresh(auth, token);
      expect([answer.status, answer.body['code']]).toEqual([400, 'VALIDATION_FAILED']);
    });

    it('ends a session whose row a backup has set back: its used tokens would be good again', async () => {
      const first = await newSession();
      const { sid } = claimsOf(first.access_token);
      let { refresh_token } = first;
      for (let uses = 0; uses < 3; uses++) ({ refresh_token } = await refresh(auth, refresh_token));
      await replicas.query(`update sessions set counter = 0 where id = $1`, [sid]);
      expectRefused(await tryRefresh(auth, refresh_token));
      expectRefused(await tryRefresh(auth, first.refresh_token));
      expect(await eventsOf(sid)).toMatchObject([{ event: 'refresh_token_ahead' }]);
    });
  });

  describe('with REFRESH_TOKEN_SECRET', () => {
    it('being changed, accepts tokens of the previous one and makes new ones', async () => {
      const old = await newSession();
      await auth.stop();
      const secret = newKey();
      auth = await replicas.start({
        REFRESH_TOKEN_SECRET: secret,
        REFRESH_TOKEN_SECRET_PREVIOUS: replicas.secrets.REFRESH_TOKEN_SECRET,
      });
      const next = await refresh(auth, old.refresh_token);
      await auth.stop();
      auth = await replicas.start({ REFRESH_TOKEN_SECRET: secret });
      await refresh(auth, next.refresh_token);
      await auth.stop();
      auth = await replicas.start();
    });

    it('lost, makes nothing from the database alone', async () => {
      const { refresh_token } = await newSession();
      await auth.stop();
      auth = await replicas.start({ REFRESH_TOKEN_SECRET: newKey() });
      expectRefused(await tryRefresh(auth, refresh_token));
      await auth.stop();
      auth = await replicas.start();
      await refresh(auth, refresh_token);
    });
  });

  it('prints no refresh token and stores none', async () => {
    const { refresh_token } = await newSession();
    await refresh(auth, refresh_token);
    await auth.prints('"route":"/auth/refresh"');
    expect(auth.output()).not.toContain(refresh_token);
    const bytes = Buffer.from(refresh_token, 'base64url').subarray(22).toString('hex');
    const rows = await replicas.query(`select encode(seed, 'hex') as seed, s::text as text from sessions s`);
    expect(JSON.stringify(rows)).not.toContain(bytes);
  });

  it('is counted by outcome', async () => {
    const metrics = await (await fetch(`${auth.url}/metrics`)).text();
    for (const outcome of ['rotated', 'repeated', 'reused', 'refused']) {
      expect(metrics).toContain(`refreshes_total{outcome="${outcome}"} `);
    }
  });

  function expectRefused(answer: Answer): void {
    expect([answer.status, answer.body]).toEqual([
      401,
      {
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
        detail: 'The refresh token is not valid.',
        code: 'INVALID_REFRESH_TOKEN',
      },
    ]);
  }
});
