import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request } from '../support/http.js';
import { type Mailbox, replicasWithMailbox } from '../support/mailbox.js';
import type { RunningService } from '../support/service.js';
import { type AuthReplicas, beginSession, claimsOf, eventually, newPerson } from '../support/sessions.js';

describe('what is held about a person', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let auth: RunningService;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    auth = await replicas.start(mailbox.environment);
  });
  afterAll(() => replicas.end());

  /** Somebody with a link that was sent and mails that wait. */
  async function somebody() {
    const email = await newPerson(auth);
    const { access_token: token } = await beginSession(auth, email, { userAgent: 'the first' });
    const post = (path: string, body: object) => request('POST', `${auth.url}${path}`, { token, body });
    await post('/auth/email', { password: PASSWORD, new_email: `new-${email}` });
    const link = await mailbox.nextToken(`new-${email}`);
    await mailbox.next(email);
    mailbox.refusals.set(email, 450);
    await post('/auth/password/forgot', { email });
    await eventually(
      async () =>
        (await replicas.query('select digest from one_time_tokens where email = $1', [email])).length > 0,
    );
    return { email, token, link, id: claimsOf(token).sub, sid: claimsOf(token).sid };
  }

  const exportOf = (token?: string, password = PASSWORD) =>
    request('POST', `${auth.url}/auth/me/export`, { token, body: { password } });

  it('is told to that person, all but secrets', async () => {
    const { email, token, id, sid } = await somebody();
    const other = await beginSession(auth, email, { userAgent: 'the second' });
    const { status, headers, body } = await exportOf(token);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const session = { created_at: time, last_used_at: time, ip: '127.0.0.1' };
    const link = { created_at: time, expires_at: time };
    const event = { time, outcome: 'ok', ip: '127.0.0.1', user_agent: 'node', session_id: null };
    expect(body).toEqual({
      profile: { user_id: id, email, email_verified: false, created_at: time },
      sessions: [
        { ...session, id: claimsOf(other.access_token).sid, user_agent: 'the second', current: false },
        { ...session, id: sid, user_agent: 'the first', current: true },
      ],
      links: expect.arrayContaining([
        { ...link, purpose: 'email_change', email: `new-${email}` },
        { ...link, purpose: 'password_reset', email },
      ]),
      mails: [{ kind: 'password_reset', email, created_at: time }],
      events: expect.arrayContaining([
        { ...event, event: 'registered' },
        { ...event, event: 'email_change_requested' },
        { ...event, event: 'password_reset_requested' },
        { ...event, event: 'account_exported', session_id: sid },
      ]),
    });
    expect(JSON.stringify(body)).not.toMatch(/argon2|digest|seed/);
  });

  it('is told to nobody else', async () => {
    expect((await exportOf()).status).toBe(401);
    const [one, other] = [await newPerson(auth), await newPerson(auth)];
    const { access_token } = await beginSession(auth, one);
    expect(JSON.stringify((await exportOf(access_token)).body)).not.toContain(other);
  });

  it('is told to nobody who does not know the password, and not by the request of before', async () => {
    const { access_token: token } = await beginSession(auth, await newPerson(auth));
    const wrong = await exportOf(token, 'not the password at all');
    expect([wrong.status, wrong.body['code']]).toEqual([401, 'INVALID_CREDENTIALS']);
    expect((await request('POST', `${auth.url}/auth/me/export`, { token, body: {} })).status).toBe(400);
    expect((await request('GET', `${auth.url}/auth/me/export`, { token })).status).toBe(404);
  });

  it('is told a few times an hour', async () => {
    const limited = await replicas.start({ ...mailbox.environment, RATE_LIMITS: 'on' });
    const { access_token: token } = await beginSession(auth, await newPerson(auth));
    const ask = (password = PASSWORD) =>
      request('POST', `${limited.url}/auth/me/export`, { token, body: { password } });
    const answers = [await ask('not the password at all')];
    for (let times = 0; times < 7; times++) answers.push(await ask());
    expect(answers.map(({ status }) => status)).toEqual([401, 200, 200, 200, 200, 200, 429, 429]);
  });

  it('is told in full, however much it is, without being held as a whole', async () => {
    const { access_token: token } = await beginSession(auth, await newPerson(auth));
    await replicas.query(
      `insert into audit_events (event, outcome, user_id, user_agent)
        select 'login', 'ok', $1, repeat('x', 200) from generate_series(1, 120000)`,
      [claimsOf(token).sub],
    );
    const { status, headers, body } = await exportOf(token);
    expect([status, headers.get('transfer-encoding')]).toEqual([200, 'chunked']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body['events']).toHaveLength(120_003);
  });

  it('goes with the account: one-time tokens and mails that wait too', async () => {
    const { email, token, link, id } = await somebody();
    const body = { password: PASSWORD };
    const removed = await request('DELETE', `${auth.url}/auth/me`, { token, body });
    expect(removed.status).toBe(204);
    const tables = await replicas.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    for (const { name } of tables) {
      const rows = JSON.stringify(await replicas.query(`select t::text from ${name} t`));
      expect(rows).not.toContain(email);
      // The record of events, and the revocation of the tokens, know the id and nothing more.
      if (!['audit_events', 'revocations'].includes(name)) expect(rows).not.toContain(id);
    }
    const verified = await request('POST', `${auth.url}/auth/email/verify`, { body: { token: link } });
    expect(verified.body['code']).toBe('INVALID_ONE_TIME_TOKEN');
    const events = await replicas.query(
      `select event from audit_events where user_id = $1 order by id desc limit 1`,
      [id],
    );
    expect(events).toEqual([{ event: 'account_deleted' }]);
    expect((await exportOf(token)).status).toBe(401);
  });
});
