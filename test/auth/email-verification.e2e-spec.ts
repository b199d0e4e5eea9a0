import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { linkOf, type Mailbox, replicasWithMailbox } from '../support/mailbox.js';
import type { RunningService } from '../support/service.js';
import { type AuthReplicas, beginSession, newPerson } from '../support/sessions.js';

const OTHER = 'somebody else entirely';

describe('where addresses must be verified', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let auth: RunningService;
  /** Over the same database, from the days when it was not required. */
  let lenient: RunningService;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    [auth, lenient] = await Promise.all([
      replicas.start({ ...mailbox.environment, EMAIL_VERIFICATION: 'required' }),
      replicas.start(mailbox.environment),
    ]);
  });
  afterAll(() => replicas.end());

  let people = 0;
  const newAddress = (): string => `somebody-${++people}@example.com`;
  const post = (path: string, body: unknown): Promise<Answer> =>
    request('POST', `${auth.url}${path}`, { body });
  const register = (email: string, password = PASSWORD): Promise<Answer> =>
    post('/auth/register', { email, password });
  const verify = (token: unknown, password: string | null = PASSWORD): Promise<Answer> =>
    post('/auth/email/verify', password === null ? { token } : { token, password });
  const logIn = (email: string, password = PASSWORD): Promise<Answer> =>
    post('/auth/login', { email, password });
  const tokenFor = async (email: string, password = PASSWORD): Promise<string> => {
    await register(email, password);
    return mailbox.nextToken(email);
  };
  const expectRefused = ({ status, body }: Answer): void =>
    expect([status, body['code']]).toEqual([400, 'INVALID_ONE_TIME_TOKEN']);

  it('the link in a mail makes the account', async () => {
    const email = newAddress();
    const answer = await register(email);
    expect([answer.status, answer.body]).toEqual([202, { status: 'accepted' }]);
    const mail = await mailbox.next(email);
    expect(mail.from).toContain('no-reply@example.com');
    expect(linkOf(mail).href).toMatch(/^https:\/\/signet\.example\.com\/app\/verify-email\?token=[\w-]{43}$/);
    expect((await verify(linkOf(mail).searchParams.get('token'))).status).toBe(204);
    const { body } = await logIn(email);
    const me = await request('GET', `${auth.url}/auth/me`, { token: String(body['access_token']) });
    expect(me.body).toMatchObject({ email, email_verified: true });
  });

  it('nobody gets in before, and nobody is told why', async () => {
    const email = newAddress();
    await register(email);
    const [unverified, unknown] = [await logIn(email), await logIn(newAddress())];
    expect([unverified.status, unverified.body]).toEqual([unknown.status, unknown.body]);
    expect(unverified.body['code']).toBe('INVALID_CREDENTIALS');
  });

  it('an address that has an account hears of it, and the account stays as it is', async () => {
    const email = newAddress();
    await verify(await tokenFor(email));
    const again = await register(email, OTHER);
    expect([again.status, again.body]).toEqual([202, { status: 'accepted' }]);
    const mail = await mailbox.next(email);
    expect(mail.subject).toContain('already have an account');
    expect(`${mail.text}${mail.html}`).not.toContain('http');
    expect([(await logIn(email)).status, (await logIn(email, OTHER)).status]).toEqual([200, 401]);
  });

  it('several registrations of one address stand side by side, and the first that is proved wins', async () => {
    const email = newAddress();
    const [thiefsLink, link] = [await tokenFor(email, OTHER), await tokenFor(email)];
    expect((await verify(link)).status).toBe(204);
    expect([(await logIn(email)).status, (await logIn(email, OTHER)).status]).toEqual([200, 401]);
    expectRefused(await verify(thiefsLink, OTHER));
  });

  it('following the link of a registration that somebody else has made of the address lets nobody in', async () => {
    const email = newAddress();
    const [link, thiefsLink] = [await tokenFor(email), await tokenFor(email, OTHER)];
    const refused = await verify(thiefsLink);
    expect([refused.status, refused.body['code']]).toEqual([401, 'INVALID_CREDENTIALS']);
    expect([(await logIn(email)).status, (await logIn(email, OTHER)).status]).toEqual([401, 401]);
    expect((await verify(link)).status).toBe(204);
    expect([(await logIn(email)).status, (await logIn(email, OTHER)).status]).toEqual([200, 401]);
  });

  it('a link needs the password of its registration, and stays good for a few tries', async () => {
    const email = newAddress();
    const token = await tokenFor(email);
    const missing = await verify(token, null);
    expect([missing.status, missing.body['code']]).toEqual([400, 'VALIDATION_FAILED']);
    expect(missing.body['errors']).toEqual([
      { field: 'password', message: 'must be the password of the registration' },
    ]);
    for (let tries = 0; tries < 4; tries++)
      expect((await verify(token, `${OTHER}${tries}`)).body['code']).toBe('INVALID_CREDENTIALS');
    expect((await verify(token)).status).toBe(204);
    expect((await logIn(email)).status).toBe(200);
  });

  it('a link is worth no more than a few guesses, however many are made at once', async () => {
    const email = newAddress();
    const token = await tokenFor(email);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => verify(token, `${OTHER}${i}`)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(15);
    expectRefused(await verify(token));
  });

  it('a link sets the device cookie for the account', async () => {
    const { headers } = await verify(await tokenFor(newAddress()));
    expect(headers.get('set-cookie')).toMatch(/^__Host-signet-device=/);
  });

  it('a link works once, also for ten who race', async () => {
    const email = newAddress();
    const token = await tokenFor(email);
    const answers = await Promise.all(Array.from({ length: 10 }, () => verify(token)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expectRefused(await verify(token));
    expect(await replicas.query(`select id from users where email = $1`, [email])).toHaveLength(1);
  });

  it('a link works for 24 hours', async () => {
    const email = newAddress();
    const token = await tokenFor(email);
    const [row] = await replicas.query<{ life: number }>(
      `select extract(epoch from expires_at - created_at)::int as life from one_time_tokens where email = $1`,
      [email],
    );
    expect(row?.life).toBe(86_400);
    await replicas.query(`update one_time_tokens set expires_at = now() where email = $1`, [email]);
    expectRefused(await verify(token));
    expect(await replicas.query(`select id from users where email = $1`, [email])).toEqual([]);
  });

  it.each([
    ['a guessed token', 'x'.repeat(43), 'INVALID_ONE_TIME_TOKEN'],
    ['a token that is no text', 42, 'VALIDATION_FAILED'],
    ['no token', undefined, 'VALIDATION_FAILED'],
  ])('%s is refused', async (_case, token, code) => {
    const { status, body } = await verify(token);
    expect([status, body['code']]).toEqual([400, code]);
  });

  it('a link to reset a password verifies nothing, and the other way round', async () => {
    const email = newAddress();
    await verify(await tokenFor(email));
    await post('/auth/password/forgot', { email });
    expectRefused(await verify(await mailbox.nextToken(email)));
    const token = await tokenFor(newAddress());
    expectRefused(await post('/auth/password/reset', { token, new_password: OTHER }));
  });

  it('somebody whose account is older gets a link when they log in, for which they need its password', async () => {
    const email = await newPerson(lenient);
    await beginSession(lenient, email);
    expect((await logIn(email)).body['code']).toBe('INVALID_CREDENTIALS');
    const token = await mailbox.nextToken(email);
    expect((await verify(token, null)).status).toBe(400);
    expect((await verify(token, OTHER)).status).toBe(401);
    expect((await verify(token)).status).toBe(204);
    expect((await logIn(email)).status).toBe(200);
  });

  it('a link from before loses its worth when the password changes', async () => {
    const email = await newPerson(lenient);
    const { access_token } = await beginSession(lenient, email);
    await logIn(email);
    const token = await mailbox.nextToken(email);
    const body = { current_password: PASSWORD, new_password: OTHER };
    await request('POST', `${lenient.url}/auth/password`, { token: access_token, body });
    expectRefused(await verify(token));
  });

  it('the account is recorded when it comes to be', async () => {
    const email = newAddress();
    await verify(await tokenFor(email));
    const events = await replicas.query<{ event: string }>(
      `select event from audit_events where user_id = (select id from users where email = $1) order by id`,
      [email],
    );
    expect(events.map(({ event }) => event)).toEqual(['registered', 'email_verified']);
  });
});
