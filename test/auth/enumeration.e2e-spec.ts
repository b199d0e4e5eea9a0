import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { type Mailbox, replicasWithMailbox } from '../support/mailbox.js';
import type { RunningService } from '../support/service.js';
import { type AuthReplicas, eventually } from '../support/sessions.js';

/** What differs between any two answers. */
const OWN_HEADERS = new Set(['date', 'x-request-id']);

describe.each(['off', 'required'] as const)('with EMAIL_VERIFICATION=%s', (verification) => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let auth: RunningService;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    auth = await replicas.start({ ...mailbox.environment, EMAIL_VERIFICATION: verification });
    await register('known@example.com');
    if (verification === 'required') {
      const token = await mailbox.nextToken('known@example.com');
      await post('/auth/email/verify', { token, password: PASSWORD });
    }
    // Registered, but not verified.
    await register('pending@example.com');
  });
  afterAll(() => replicas.end());

  const post = (path: string, body: unknown): Promise<Answer> =>
    request('POST', `${auth.url}${path}`, { body });
  const register = (email: string) => post('/auth/register', { email, password: PASSWORD });

  /** All that a caller sees, and the work that was done for it. */
  async function observe(path: string, body: object) {
    const before = await derivations();
    const answer = await post(path, body);
    const headers = [...answer.headers].filter(([name]) => !OWN_HEADERS.has(name));
    return {
      status: answer.status,
      body: answer.body,
      headers,
      derivations: (await derivations()) - before,
    };
  }

  async function derivations(): Promise<number> {
    const text = await (await fetch(`${auth.url}/metrics`)).text();
    return Number(/^password_hashes_total (\d+)$/m.exec(text)?.[1]);
  }

  it.each([
    ['register', '/auth/register', { password: 'somebody else entirely' }, 202, 1],
    ['a login with a wrong password', '/auth/login', { password: 'not the password at all' }, 401, 1],
    ['forgot', '/auth/password/forgot', {}, 202, 0],
  ])('%s tells nobody whether an address is known', async (_case, path, body, status, work) => {
    const unknown = await observe(path, { email: 'unknown@example.com', ...body });
    expect([unknown.status, unknown.derivations]).toEqual([status, work]);
    for (const email of ['known@example.com', 'pending@example.com']) {
      expect(await observe(path, { email, ...body })).toEqual(unknown);
    }
  });

  it('a reset with a guessed token tells nobody for whom there is a token', async () => {
    const guess = { token: 'x'.repeat(43), new_password: 'another long and quiet evening' };
    const before = await observe('/auth/password/reset', guess);
    await post('/auth/password/forgot', { email: 'known@example.com' });
    await mailbox.next('known@example.com');
    expect(await observe('/auth/password/reset', guess)).toEqual(before);
    expect([before.status, before.derivations]).toEqual([400, 0]);
  });

  it('a forgotten password of nobody leads to no mail', async () => {
    await post('/auth/password/forgot', { email: 'never@example.com' });
    await eventually(async () => (await replicas.query('select id from mails')).length === 0);
    expect(mailbox.to('never@example.com')).toEqual([]);
  });
});
