import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { linkOf, type Mailbox, replicasWithMailbox, tokenOf } from '../support/mailbox.js';
import type { RunningService } from '../support/service.js';
import {
  type AuthReplicas,
  beginSession,
  eventually,
  newPerson,
  statusOfMe,
  tryRefresh,
} from '../support/sessions.js';

const NEXT = 'another long and quiet evening';

describe('a forgotten password', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let auth: RunningService;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    auth = await replicas.start(mailbox.environment);
  });
  afterAll(() => replicas.end());

  const post = (path: string, body: unknown, headers = {}): Promise<Answer> =>
    request('POST', `${auth.url}${path}`, { body, headers });
  const forgot = (email: string, headers = {}): Promise<Answer> =>
    post('/auth/password/forgot', { email }, headers);
  const reset = (token: unknown, new_password: unknown = NEXT): Promise<Answer> =>
    post('/auth/password/reset', { token, new_password });
  const logIn = async (email: string, password: string): Promise<number> =>
    (await post('/auth/login', { email, password })).status;
  const tokenFor = async (email: string): Promise<string> => {
    await forgot(email);
    return mailbox.nextToken(email);
  };
  const expectRefused = ({ status, body }: Answer): void =>
    expect([status, body['code']]).toEqual([400, 'INVALID_ONE_TIME_TOKEN']);

  it('is replaced by the link in a mail, and all sessions end', async () => {
    const email = await newPerson(auth);
    const { access_token, refresh_token } = await beginSession(auth, email);
    const asked = await forgot(email);
    expect([asked.status, asked.body]).toEqual([202, { status: 'accepted' }]);
    const mail = await mailbox.next(email);
    expect(mail.html).toContain(`<a href="${linkOf(mail).href}">`);
    expect((await reset(tokenOf(mail))).status).toBe(204);
    expect([await logIn(email, PASSWORD), await logIn(email, NEXT)]).toEqual([401, 200]);
    expect(await statusOfMe(auth, access_token)).toBe(401);
    expect((await tryRefresh(auth, refresh_token)).status).toBe(401);
    expect((await mailbox.next(email)).subject).toContain('has changed');
  });

  it('verifies the address on the way', async () => {
    const email = await newPerson(auth);
    await reset(await tokenFor(email));
    const answer = await post('/auth/login', { email, password: NEXT });
    const token = String(answer.body['access_token']);
    const me = await request('GET', `${auth.url}/auth/me`, { token });
    expect(me.body['email_verified']).toBe(true);
  });

  it('gets a link to PUBLIC_URL, whatever host the request names', async () => {
    const email = await newPerson(auth);
    const evil = 'evil.example';
    await forgot(email, { 'x-forwarded-host': evil, forwarded: `host=${evil}`, origin: `https://${evil}` });
    const mail = await mailbox.next(email);
    const { origin, pathname } = linkOf(mail);
    expect(origin + pathname).toBe('https://signet.example.com/app/reset-password');
    expect(`${mail.text}${mail.html}`).not.toContain(evil);
  });

  it("lets an owner in who was locked out by somebody else's guesses, from the device of the reset", async () => {
    const email = await newPerson(auth);
    const limited = await replicas.start({ ...mailbox.environment, RATE_LIMITS: 'on' });
    const login = (password: string, headers = {}) =>
      request('POST', `${limited.url}/auth/login`, { body: { email, password }, headers });
    for (let tries = 0; tries < 10; tries++) expect((await login(`guess ${tries}`)).status).toBe(401);
    const answer = await reset(await tokenFor(email));
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect((await login(NEXT)).status).toBe(429);
    expect((await login(NEXT, { cookie })).status).toBe(200);
  });

  describe('is not replaced by', () => {
    it('a token that was used', async () => {
      const email = await newPerson(auth);
      const token = await tokenFor(email);
      await reset(token);
      expectRefused(await reset(token, `${NEXT}!`));
      expect(await logIn(email, NEXT)).toBe(200);
    });

    it('any token but the newest', async () => {
      const email = await newPerson(auth);
      const [first, second] = [await tokenFor(email), await tokenFor(email)];
      expectRefused(await reset(first));
      expect((await reset(second)).status).toBe(204);
    });

    it('a token that is older than 15 minutes', async () => {
      const email = await newPerson(auth);
      const token = await tokenFor(email);
      const [row] = await replicas.query<{ life: number }>(
        `select extract(epoch from expires_at - created_at)::int as life from one_time_tokens where email = $1`,
        [email],
      );
      expect(row?.life).toBe(900);
      const past = `now() - interval '1 second'`;
      await replicas.query(`update one_time_tokens set expires_at = ${past} where email = $1`, [email]);
      expectRefused(await reset(token));
      expect(await logIn(email, PASSWORD)).toBe(200);
    });

    it('a token for something else', async () => {
      const email = await newPerson(auth);
      const { access_token } = await beginSession(auth, email);
      const body = { password: PASSWORD, new_email: `new-${email}` };
      await request('POST', `${auth.url}/auth/email`, { token: access_token, body });
      const token = await mailbox.nextToken(`new-${email}`);
      expectRefused(await reset(token));
      expectRefused(await post('/auth/email/verify', { token: await tokenAfterNotice(email) }));
      expect((await post('/auth/email/verify', { token })).status).toBe(204);
    });

    it.each([
      ['a guessed token', 'x'.repeat(43)],
      ['a token of another length', 'x'],
      ['no token at all', ''],
    ])('%s', async (_case, token) => expectRefused(await reset(token)));

    it.each([
      ['a token that is no text', { $ne: '' }, NEXT, 'token'],
      ['an overlong token', 'x'.repeat(129), NEXT, 'token'],
      ['a short password', 'x'.repeat(43), 'fourteen chars', 'new_password'],
    ])('%s', async (_case, token, password, field) => {
      const { status, body } = await reset(token, password);
      expect([status, body['errors']]).toEqual([400, [{ field, message: expect.any(String) }]]);
    });

    it('a link from before the password was changed', async () => {
      const email = await newPerson(auth);
      const { access_token } = await beginSession(auth, email);
      const token = await tokenFor(email);
      const body = { current_password: PASSWORD, new_password: NEXT };
      await request('POST', `${auth.url}/auth/password`, { token: access_token, body });
      expectRefused(await reset(token, `${NEXT}!`));
    });
  });

  it('keeps the token good when the new password is not', async () => {
    const email = await newPerson(auth);
    const token = await tokenFor(email);
    const { status, body } = await reset(token, email);
    expect([status, body['errors']]).toEqual([
      400,
      [{ field: 'new_password', message: 'must not be your e-mail address or its first part' }],
    ]);
    expect((await reset(token)).status).toBe(204);
  });

  it('is replaced by one of two requests that race with one token', async () => {
    const email = await newPerson(auth);
    const token = await tokenFor(email);
    const nexts = [NEXT, `${NEXT}!`];
    const answers = await Promise.all(nexts.map((next) => reset(token, next)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 400]);
    const winner = nexts[answers.findIndex(({ status }) => status === 204)]!;
    const loser = nexts.find((next) => next !== winner)!;
    expect([await logIn(email, winner), await logIn(email, loser)]).toEqual([200, 401]);
  });

  it('while somebody logs in by the old one: that session does not outlive the reset', async () => {
    const email = await newPerson(auth);
    const token = await tokenFor(email);
    const logins = Array.from({ length: 20 }, () => post('/auth/login', { email, password: PASSWORD }));
    const [done, ...others] = await Promise.all([reset(token), ...logins]);
    expect(done?.status).toBe(204);
    for (const { status, body } of others) {
      if (status === 200) expect(await statusOfMe(auth, String(body['access_token']))).toBe(401);
    }
  });

  it('ends a change of address that somebody else has begun, sent already or still in the queue', async () => {
    const email = await newPerson(auth);
    const { access_token } = await beginSession(auth, email);
    const change = (new_email: string) =>
      request('POST', `${auth.url}/auth/email`, {
        token: access_token,
        body: { password: PASSWORD, new_email },
      });
    await change(`thief-${email}`);
    const sent = await mailbox.nextToken(`thief-${email}`);
    const token = await tokenAfterNotice(email);
    mailbox.refusals.set(`late-${email}`, 450);
    await change(`late-${email}`);
    await eventually(() => waitsFor(`late-${email}`));
    expect((await reset(token)).status).toBe(204);
    mailbox.refusals.clear();
    expect(await waitsFor(`late-${email}`)).toBe(false);
    expectRefused(await post('/auth/email/verify', { token: sent }));
    expect(await logIn(email, NEXT)).toBe(200);
  });

  it('is recorded, with who has asked', async () => {
    const email = await newPerson(auth);
    await reset(await tokenFor(email));
    const events = await replicas.query(
      `select event, outcome, host(address::inet) as ip from audit_events
       where user_id = (select id from users where email = $1) order by id`,
      [email],
    );
    expect(events).toEqual([
      { event: 'registered', outcome: 'ok', ip: '127.0.0.1' },
      { event: 'password_reset_requested', outcome: 'ok', ip: '127.0.0.1' },
      { event: 'password_reset', outcome: 'ok', ip: '127.0.0.1' },
    ]);
  });

  it('leaves no token in the database, and neither token nor address in the log', async () => {
    const email = await newPerson(auth);
    const token = await tokenFor(email);
    const rows = await replicas.query(`select t::text from one_time_tokens t`);
    expect(JSON.stringify(rows)).not.toContain(token);
    await reset(token);
    expect(auth.output()).not.toContain(token);
    expect(auth.output()).not.toContain(email);
  });

  /** Skips the notice that the change of address has sent there. */
  async function tokenAfterNotice(email: string): Promise<string> {
    await forgot(email);
    await mailbox.next(email);
    return mailbox.nextToken(email);
  }

  async function waitsFor(address: string): Promise<boolean> {
    return (
      (await replicas.query(`select id from mails where address = $1 and attempts > 0`, [address])).length > 0
    );
  }
});
