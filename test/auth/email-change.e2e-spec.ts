import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { type Mailbox, replicasWithMailbox } from '../support/mailbox.js';
import type { RunningService } from '../support/service.js';
import { type AuthReplicas, beginSession, eventually, newPerson, statusOfMe } from '../support/sessions.js';

describe('a change of address', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let auth: RunningService;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    auth = await replicas.start(mailbox.environment);
  });
  afterAll(() => replicas.end());

  const post = (path: string, body: unknown, token?: string): Promise<Answer> =>
    request('POST', `${auth.url}${path}`, { body, token });
  const verify = (token: string): Promise<Answer> => post('/auth/email/verify', { token });
  const logIn = async (email: string): Promise<number> =>
    (await post('/auth/login', { email, password: PASSWORD })).status;
  const expectRefused = ({ status, body }: Answer): void =>
    expect([status, body['code']]).toEqual([400, 'INVALID_ONE_TIME_TOKEN']);

  async function person() {
    const email = await newPerson(auth);
    const { access_token } = await beginSession(auth, email);
    const change = (new_email: unknown, password: unknown = PASSWORD) =>
      post('/auth/email', { password, new_email }, access_token);
    return { email, next: `new-${email}`, access_token, change };
  }

  it('happens by the link that the new one gets; the old one hears of it', async () => {
    const { email, next, access_token, change } = await person();
    const answer = await change(next);
    expect([answer.status, answer.body]).toEqual([202, { status: 'accepted' }]);
    expect((await mailbox.next(email)).subject).toContain('about to change');
    const token = await mailbox.nextToken(next);
    expect([await logIn(email), await logIn(next)]).toEqual([200, 401]);
    expect((await verify(token)).status).toBe(204);
    expect([await logIn(email), await logIn(next)]).toEqual([401, 200]);
    expect(await statusOfMe(auth, access_token)).toBe(200);
    const me = await request('GET', `${auth.url}/auth/me`, { token: access_token });
    expect(me.body).toMatchObject({ email: next, email_verified: true });
    expectRefused(await verify(token));
  });

  it('makes worthless what the old address was sent', async () => {
    const { email, next, change } = await person();
    await post('/auth/password/forgot', { email });
    const reset = await mailbox.nextToken(email);
    await change(next);
    await verify(await mailbox.nextToken(next));
    expectRefused(await post('/auth/password/reset', { token: reset, new_password: `${PASSWORD}!` }));
    expect(await logIn(next)).toBe(200);
  });

  it('goes to the address that was asked for last', async () => {
    const { email, next, change } = await person();
    await change(`first-${email}`);
    const first = await mailbox.nextToken(`first-${email}`);
    await change(next);
    const second = await mailbox.nextToken(next);
    expectRefused(await verify(first));
    expect((await verify(second)).status).toBe(204);
    expect(await logIn(next)).toBe(200);
  });

  it('to one that is taken answers the same, and sends no link there', async () => {
    const { email, change } = await person();
    const other = await newPerson(auth);
    const answer = await change(other);
    expect([answer.status, answer.body]).toEqual([202, { status: 'accepted' }]);
    await mailbox.next(email);
    await eventually(
      async () => (await replicas.query(`select id from mails where address = $1`, [other])).length === 0,
    );
    expect(mailbox.to(other)).toEqual([]);
  });

  it('to one that is taken meanwhile is refused', async () => {
    const { email, next, change } = await person();
    await change(next);
    const token = await mailbox.nextToken(next);
    await post('/auth/register', { email: next, password: PASSWORD });
    expectRefused(await verify(token));
    expect([await logIn(email), await logIn(next)]).toEqual([200, 200]);
  });

  it('of two people to one address happens for one of them', async () => {
    const [one, other] = [await person(), await person()];
    const tokens: string[] = [];
    for (const { change } of [one, other]) {
      await change('coveted@example.com');
      tokens.push(await mailbox.nextToken('coveted@example.com'));
    }
    const answers = await Promise.all(tokens.map((token) => verify(token)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 400]);
  });

  it('needs the password, and an address', async () => {
    const { email, next, change } = await person();
    const wrong = await change(next, 'not the password at all');
    expect([wrong.status, wrong.body['code']]).toEqual([401, 'INVALID_CREDENTIALS']);
    const none = await change('nowhere');
    expect([none.status, none.body['errors']]).toEqual([
      400,
      [{ field: 'new_email', message: 'must be an e-mail address' }],
    ]);
    expect((await post('/auth/email', { password: PASSWORD, new_email: next })).status).toBe(401);
    expect(mailbox.to(email)).toEqual([]);
  });
});
