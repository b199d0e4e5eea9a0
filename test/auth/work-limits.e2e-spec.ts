import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { AdminApi, administrator, person } from '../support/administration.js';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { type Mailbox, replicasWithMailbox } from '../support/mailbox.js';
import type { RunningService } from '../support/service.js';
import { type AuthReplicas, beginSession, eventually, newPerson } from '../support/sessions.js';

describe('work that succeeds', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let open: RunningService;
  let auth: RunningService;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    open = await replicas.start({ ...mailbox.environment, EMAIL_VERIFICATION: 'off' });
    auth = await replicas.start({
      ...mailbox.environment,
      RATE_LIMITS: 'on',
      TRUST_PROXY: '1',
      HASH_DEADLINE_SECONDS: '60',
      EMAIL_VERIFICATION: 'off',
    });
  });
  afterAll(() => replicas.end());

  const post = (path: string, body: object, from: string, token?: string): Promise<Answer> =>
    request('POST', `${auth.url}${path}`, { body, token, headers: { 'x-forwarded-for': from } });
  const logIn = (email: string, from: string) => post('/auth/login', { email, password: PASSWORD }, from);
  const all = async (count: number, send: (index: number) => Promise<Answer>): Promise<number[]> =>
    (await Promise.all(Array.from({ length: count }, (_, index) => send(index)))).map(({ status }) => status);
  const countOf = (statuses: number[], status: number) => statuses.filter((one) => one === status).length;

  it.each([
    ['in another network', '203.0.113.2'],
    ['in the same network', '203.0.113.1'],
  ])('of one person does not keep another out %s', async (_case, from) => {
    const [flooder, other] = [await newPerson(open), await newPerson(open)];
    const over = new AbortController();
    const flood = Array.from({ length: 90 }, async () => {
      // What is refused is cheap; what is done is what keeps others out.
      while (!over.signal.aborted) if ((await logIn(flooder, '203.0.113.1')).status === 429) await delay(500);
    });
    const statuses: number[] = [];
    for (let login = 0; login < 20; login++) statuses.push((await logIn(other, from)).status);
    over.abort();
    await Promise.all(flood);
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 200));
  });

  it('is bounded: logins of one person, however right they are', async () => {
    const email = await newPerson(open);
    const statuses: number[] = [];
    for (let round = 0; round < 6; round++)
      statuses.push(...(await all(25, (index) => logIn(email, `203.0.113.${10 + index}`))));
    expect([countOf(statuses, 200), countOf(statuses, 429)]).toEqual([120, 30]);
  });

  it('is not used up by strangers who do not know the password', async () => {
    await replicas.query('delete from rate_limits');
    const email = await newPerson(open);
    const wrong = { email, password: 'not the password at all' };
    for (let guess = 0; guess < 20; guess++)
      expect((await post('/auth/login', wrong, `203.0.113.${guess}`)).status).toBe(401);
    const [row] = await replicas.query<{ points: number }>(
      `select max(points) as points from rate_limits where key like 'login-work-account:%'`,
    );
    expect(row?.points).toBe(0);
  });

  describe('and sends mail', () => {
    it('to a stranger is bounded by account, whatever its networks', async () => {
      const { access_token } = await beginSession(open, await newPerson(open));
      const statuses = await all(60, (index) =>
        post(
          '/auth/email',
          { password: PASSWORD, new_email: 'stranger@example.org' },
          `203.0.113.${100 + (index % 30)}`,
          access_token,
        ),
      );
      expect([countOf(statuses, 202), countOf(statuses, 429)]).toEqual([5, 55]);
      await eventually(async () => (await replicas.query('select id from mails')).length === 0);
      expect(mailbox.to('stranger@example.org').length).toBeLessThanOrEqual(5);
    });

    it('to a stranger is bounded by target, whoever asks and by whichever route', async () => {
      const target = 'cannon@example.org';
      const people = await Promise.all(Array.from({ length: 6 }, () => newPerson(open)));
      const tokens = await Promise.all(people.map((email) => beginSession(open, email)));
      const asked = await all(30, (index) =>
        post(
          '/auth/email',
          { password: PASSWORD, new_email: target },
          `198.51.100.${index}`,
          tokens[index % tokens.length]!.access_token,
        ),
      );
      expect(countOf(asked, 202)).toBe(20);
      expect((await post('/auth/password/forgot', { email: target }, '198.51.100.99')).status).toBe(429);
      await eventually(async () => (await replicas.query('select id from mails')).length === 0);
      expect(mailbox.to(target).length).toBeLessThanOrEqual(20);
    });

    it('to a user is bounded also where an administrator asks for it', async () => {
      const root = await administrator(replicas, open);
      const admin = new AdminApi(auth, root.access_token);
      const { id } = await person(open);
      const statuses: number[] = [];
      for (let ask = 0; ask < 30; ask++)
        statuses.push((await admin.call('POST', `/users/${id}/password-reset`)).status);
      expect([countOf(statuses, 202), countOf(statuses, 429)]).toEqual([20, 10]);
    });

    it('from one network is bounded', async () => {
      const people = await Promise.all(Array.from({ length: 14 }, () => newPerson(open)));
      const tokens = await Promise.all(people.map((email) => beginSession(open, email)));
      const statuses: number[] = [];
      for (let target = 0; target < 70; target++) {
        const body = { password: PASSWORD, new_email: `target-${target}@example.org` };
        const { access_token } = tokens[target % tokens.length]!;
        statuses.push((await post('/auth/email', body, '203.0.113.200', access_token)).status);
      }
      expect([countOf(statuses, 202), countOf(statuses, 429)]).toEqual([60, 10]);
    });
  });

  it('leads to few links where somebody has to verify the address first', async () => {
    const email = await newPerson(open);
    const strict = await replicas.start({
      ...mailbox.environment,
      RATE_LIMITS: 'on',
      EMAIL_VERIFICATION: 'required',
    });
    for (let login = 0; login < 12; login++) {
      const { status } = await request('POST', `${strict.url}/auth/login`, {
        body: { email, password: PASSWORD },
      });
      expect(status).toBe(401);
      await replicas.query(`delete from rate_limits where key like 'login-%'`);
    }
    await eventually(async () => (await replicas.query('select id from mails')).length === 0);
    // Of links that are written at once by several replicas only the newest is sent.
    expect(mailbox.to(email).length).toBeGreaterThan(0);
    expect(mailbox.to(email).length).toBeLessThanOrEqual(5);
  });
});
