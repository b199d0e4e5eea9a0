import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { type Mailbox, replicasWithMailbox } from '../support/mailbox.js';
import { failToStart, type RunningService } from '../support/service.js';
import { type AuthReplicas, beginSession, newPerson } from '../support/sessions.js';

const COMMON = '1qaz2wsx3edc4rfv';

describe('passwords', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let auth: RunningService;
  /** Over the same database; it takes shorter passwords and makes costlier hashes. */
  let other: RunningService;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    const settings = { ARGON2_MEMORY: '20480', ARGON2_PASSES: '3', PASSWORD_MIN_LENGTH: '8' };
    [auth, other] = await Promise.all([
      replicas.start(mailbox.environment),
      replicas.start({ ...mailbox.environment, ...settings }),
    ]);
  });
  afterAll(() => replicas.end());

  const at = ({ url }: RunningService, path: string, body: unknown, token?: string): Promise<Answer> =>
    request('POST', `${url}${path}`, { body, token });
  const logIn = async (service: RunningService, email: string, password = PASSWORD): Promise<number> =>
    (await at(service, '/auth/login', { email, password })).status;
  const hashOf = async (email: string): Promise<string> => {
    const [row] = await replicas.query<{ h: string }>(
      `select password_hash as h from users where email = $1`,
      [email],
    );
    return row?.h ?? '';
  };

  describe.each([
    ['is common', COMMON, 'must not be one of the passwords that many people use'],
    ['is short', 'fourteen chars', 'must be at least 15 characters long'],
  ])('one that %s is refused', (_case, password, message) => {
    it('at registration', async () => {
      const { status, body } = await at(auth, '/auth/register', { email: 'weak@example.com', password });
      expect([status, body['errors']]).toEqual([400, [{ field: 'password', message }]]);
      expect(await hashOf('weak@example.com')).toBe('');
    });

    it('when it is changed', async () => {
      const email = await newPerson(auth);
      const { access_token } = await beginSession(auth, email);
      const change = { current_password: PASSWORD, new_password: password };
      const { status, body } = await at(auth, '/auth/password', change, access_token);
      expect([status, body['errors']]).toEqual([400, [{ field: 'new_password', message }]]);
      expect(await logIn(auth, email)).toBe(200);
    });

    it('when it is reset', async () => {
      const email = await newPerson(auth);
      await at(auth, '/auth/password/forgot', { email });
      const reset = { token: await mailbox.nextToken(email), new_password: password };
      const { status, body } = await at(auth, '/auth/password/reset', reset);
      expect([status, body['errors']]).toEqual([400, [{ field: 'new_password', message }]]);
      expect(await logIn(auth, email)).toBe(200);
    });
  });

  it('are never judged at a login', async () => {
    const email = 'old@example.com';
    await at(other, '/auth/register', { email, password: 'eight ch' });
    expect(await logIn(auth, email, 'eight ch')).toBe(200);
    expect(await logIn(auth, email, COMMON)).toBe(401);
  });

  it('get a stronger hash at the next login, when the operator asks for one', async () => {
    const email = await newPerson(auth);
    const weak = await hashOf(email);
    expect(await logIn(other, email, 'not the password at all')).toBe(401);
    expect(await hashOf(email)).toBe(weak);
    expect(await logIn(other, email)).toBe(200);
    const strong = await hashOf(email);
    expect(strong).toMatch(/^\$argon2id\$v=19\$m=20480,t=3,p=1\$/);
    expect(await logIn(other, email)).toBe(200);
    expect(await logIn(auth, email)).toBe(200);
    expect(await hashOf(email)).toBe(strong);
  });

  it('get it while ten log in at once, and all ten get in', async () => {
    const email = await newPerson(auth);
    const statuses = await Promise.all(Array.from({ length: 10 }, () => logIn(other, email)));
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await hashOf(email)).toMatch(/m=20480,t=3,p=1/);
  });

  it('that change while a stronger hash is made stay changed', async () => {
    const email = await newPerson(auth);
    const { access_token } = await beginSession(auth, email);
    const change = { current_password: PASSWORD, new_password: 'another long and quiet evening' };
    const [changed] = await Promise.all([
      at(auth, '/auth/password', change, access_token),
      ...Array.from({ length: 5 }, () => logIn(other, email)),
    ]);
    const isChanged = changed?.status === 204;
    expect(await logIn(auth, email)).toBe(isChanged ? 401 : 200);
    expect(await logIn(auth, email, change.new_password)).toBe(isChanged ? 200 : 401);
  });

  it.each([
    ['PASSWORD_MIN_LENGTH', '7', 'from 8 to 64'],
    ['ARGON2_MEMORY', '19455', 'at least 19456'],
    ['ARGON2_MEMORY', 'lots', 'whole number'],
    ['ARGON2_PASSES', '1', 'ARGON2_MEMORY must be at least 47104'],
    ['ARGON2_LANES', '0', 'from 1 to 16'],
    ['SMTP_URL', 'http://mail.example.com', 'smtp://'],
    ['SMTP_URL', 'smtp://mail.example.com:70000', 'smtp://'],
    ['SMTP_TIMEOUT', '0', 'from 1 to 60'],
    ['MAIL_FROM', 'nobody', 'must be an address'],
    ['PUBLIC_URL', 'https://example.com/?next=', 'without user, query and fragment'],
    ['PUBLIC_URL', 'javascript:alert(1)', 'http(s) URL'],
    ['EMAIL_VERIFICATION', 'maybe', 'off, required'],
    ['MAIL_TEMPLATES_DIR', '/nowhere/at/all', 'a folder that can be read'],
  ])('cannot be set up with %s=%s', async (name, value, line) => {
    const { code, stderr } = await failToStart('auth', {
      ...replicas.environment,
      [name]: value,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(line)]);
  });

  it.each([
    ['SMTP_URL', { EMAIL_VERIFICATION: 'required' }],
    ['PUBLIC_URL', { SMTP_URL: 'smtp://me:s3cret@127.0.0.1', MAIL_FROM: 'a@example.com' }],
    ['MAIL_FROM', { SMTP_URL: 'smtp://me:s3cret@127.0.0.1', PUBLIC_URL: 'https://example.com' }],
  ])('are not verified in production without %s', async (name, environment) => {
    const { code, stderr, output } = await failToStart('auth', {
      ...replicas.environment,
      NODE_ENV: 'production',
      JWT_ISSUER: 'https://auth.example.com',
      ...environment,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`\n  ${name} must be`)]);
    expect(stderr.trim().split('\n')).toHaveLength(2);
    expect(output).not.toContain('s3cret');
  });
});
