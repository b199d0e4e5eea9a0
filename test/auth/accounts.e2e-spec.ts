import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploy, logIn, PASSWORD, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';

describe('accounts', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy();
  });
  afterAll(() => undeploy(deployment));

  const post = (path: string, body: unknown): Promise<Answer> =>
    request('POST', `${deployment.auth.url}${path}`, { body });

  it.each([
    ['white space around it', '  linus@example.com '],
    ['capitals', 'Linus@Example.COM'],
  ])('takes an address with %s for the same mailbox', async (_case, spelling) => {
    await signUp(deployment, 'linus@example.com');
    expect(await logIn(deployment, spelling)).toEqual(expect.any(String));
  });

  it('takes both Unicode spellings of an address and of a password for the same', async () => {
    const composed = 'caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9';
    await post('/auth/register', { email: 'ren\u00e9@example.com', password: composed });
    const login = await post('/auth/login', {
      email: 'rene\u0301@example.com',
      password: composed.normalize('NFD'),
    });
    expect(login.status).toBe(200);
  });

  it('answers a taken address as a free one, and leaves the account as it was', async () => {
    const free = await post('/auth/register', { email: 'mary@example.com', password: PASSWORD });
    const taken = await post('/auth/register', {
      email: 'mary@example.com',
      password: 'somebody else entirely',
    });
    expect([taken.status, taken.body]).toEqual([free.status, free.body]);
    expect((await post('/auth/login', { email: 'mary@example.com', password: PASSWORD })).status).toBe(200);
    expect(
      (await post('/auth/login', { email: 'mary@example.com', password: 'somebody else entirely' })).status,
    ).toBe(401);
  });

  it('makes one account of ten registrations that race for one address', async () => {
    const body = { email: 'race@example.com', password: PASSWORD };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('/auth/register', body)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
    const rows = await deployment.replicas.query(`select id from users where email = 'race@example.com'`);
    expect(rows).toHaveLength(1);
  });

  it('gives one answer to every failed login, for known and unknown addresses', async () => {
    await signUp(deployment, 'barbara@example.com');
    const wrong = await post('/auth/login', {
      email: 'barbara@example.com',
      password: 'not her password at all',
    });
    const unknown = await post('/auth/login', {
      email: 'nobody@example.com',
      password: 'not her password at all',
    });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'The e-mail address or the password is wrong.',
      code: 'INVALID_CREDENTIALS',
    });
    const ownHeaders = (answer: Answer) =>
      [...answer.headers.keys()].filter((name) => name !== 'x-request-id');
    expect([unknown.status, unknown.body, ownHeaders(unknown)]).toEqual([
      wrong.status,
      wrong.body,
      ownHeaders(wrong),
    ]);
  });

  it.each([
    ['72', 'x'.repeat(72)],
    ['128', 'y'.repeat(128)],
  ])('tells passwords apart that differ after character %s', async (length, start) => {
    const email = `long-${length}@example.com`;
    await post('/auth/register', { email, password: `${start}1` });
    expect((await post('/auth/login', { email, password: `${start}2` })).status).toBe(401);
    expect((await post('/auth/login', { email, password: `${start}1` })).status).toBe(200);
  });

  it('stores an argon2id hash and never the password', async () => {
    await signUp(deployment, 'hash@example.com');
    const [row] = await deployment.replicas.query(`select * from users where email = 'hash@example.com'`);
    expect(row?.['password_hash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(row)).not.toContain(PASSWORD);
  });

  it('never prints a password, a token or an address', async () => {
    const token = await signUp(deployment, 'quiet@example.com');
    await request('GET', `${deployment.auth.url}/auth/me?access_token=${token}`, { token });
    await deployment.auth.prints('"route":"/auth/me"');
    for (const secret of [PASSWORD, token, 'quiet@example.com', deployment.secret]) {
      expect(deployment.auth.output()).not.toContain(secret);
    }
  });

  it('refuses the token of an account that is gone', async () => {
    const token = await signUp(deployment, 'gone@example.com');
    await deployment.replicas.query(`delete from users where email = 'gone@example.com'`);
    const me = await request('GET', `${deployment.auth.url}/auth/me`, { token });
    expect([me.status, me.body['detail']]).toEqual([401, 'Invalid token']);
  });

  const email = 'valid@example.com';
  it.each([
    ['a short password', { email, password: 'fourteen chars' }, 'password', 'at least 15 characters'],
    ['an overlong password', { email, password: 'ä'.repeat(513) }, 'password', 'at most 1024 bytes'],
    ['a password that is no string', { email, password: 123456789012345 }, 'password', 'string'],
    ['no password', { email }, 'password', 'string'],
    ['no address', { password: PASSWORD }, 'email', 'e-mail address'],
    ['no address that anyone could have', { email: 'nobody', password: PASSWORD }, 'email', 'e-mail address'],
    ['a list of addresses', { email: [email], password: PASSWORD }, 'email', 'e-mail address'],
    ['an overlong address', { email: `${'a'.repeat(250)}@example.com`, password: PASSWORD }, 'email', ''],
    ['NUL in the address', { email: 'a\u0000b@example.com', password: PASSWORD }, 'email', 'e-mail address'],
    ['half a surrogate pair', { email: 'a@\ud800.com', password: PASSWORD }, 'email', 'e-mail address'],
    [
      'half a surrogate pair in the address',
      { email: '\udfff@example.com', password: PASSWORD },
      'email',
      'e-mail address',
    ],
    [
      'half a surrogate pair in the password',
      { email, password: `${PASSWORD}\ud800` },
      'password',
      'Unicode',
    ],
    [
      'a field that nobody asked for',
      { email, password: PASSWORD, roles: ['admin'] },
      'roles',
      'is not a known field',
    ],
  ])('refuses %s, and names the field', async (_case, body, field, message) => {
    const answer = await post('/auth/register', body);
    expect(answer.status).toBe(400);
    expect(answer.body['code']).toBe('VALIDATION_FAILED');
    expect(answer.body['errors']).toEqual([{ field, message: expect.stringContaining(message) }]);
    expect(await deployment.replicas.query(`select id from users where email like '%${email}'`)).toHaveLength(
      0,
    );
  });

  it('counts characters, not code units, of a new password', async () => {
    const eightEmoji = '🦊'.repeat(8);
    expect((await post('/auth/register', { email: 'fox@example.com', password: eightEmoji })).status).toBe(
      400,
    );
  });
});
