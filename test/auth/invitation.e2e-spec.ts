import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AdminApi, administrator } from '../support/administration.js';
import { PASSWORD } from '../support/deployment.js';
import { request } from '../support/http.js';
import { linkOf, type Mailbox, replicasWithMailbox, tokenOf } from '../support/mailbox.js';
import type { RunningService } from '../support/service.js';
import { type AuthReplicas, beginSession, claimsOf, refresh } from '../support/sessions.js';

const CHOSEN = 'chosen by the person invited';

describe('an invitation', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let auth: RunningService;
  let admin: AdminApi;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    const first = await replicas.start();
    const root = await administrator(replicas, first);
    await first.stop();
    auth = await replicas.start({ ...mailbox.environment, EMAIL_VERIFICATION: 'required' });
    admin = new AdminApi(auth, (await refresh(auth, root.refresh_token)).access_token);
    await admin.setRole('support', 'tasks:read');
  });
  afterAll(() => replicas.end());

  const post = (path: string, body: unknown) => request('POST', `${auth.url}${path}`, { body });
  const logIn = (email: string, password: string) => post('/auth/login', { email, password });

  it('sends a link by which the person chooses a password, and gives them their roles', async () => {
    const email = 'invited@example.com';
    const body = await admin.change('POST', '/users', { email, roles: ['support'] });
    expect(body).toMatchObject({ email, email_verified: false, roles: ['support'], disabled: false });
    const mail = await mailbox.next(email);
    expect(mail.subject).toBe('You are invited (Signet)');
    expect(linkOf(mail).pathname).toBe('/app/reset-password');
    for (const password of ['', CHOSEN, PASSWORD])
      expect((await logIn(email, password)).status).not.toBe(200);
    const token = tokenOf(mail);
    expect((await post('/auth/password/reset', { token, new_password: CHOSEN })).status).toBe(204);
    const { access_token } = await beginSession(auth, email, { password: CHOSEN });
    expect(claimsOf(access_token)).toMatchObject({ roles: ['support'], scope: 'tasks:read' });
    expect((await post('/auth/password/reset', { token, new_password: PASSWORD })).status).toBe(400);
  });

  it('leaves nothing to whoever has registered with the address before', async () => {
    const email = 'wanted@example.com';
    await post('/auth/register', { email, password: PASSWORD });
    const pending = tokenOf(await mailbox.next(email));
    await admin.change('POST', '/users', { email, roles: ['support'] });
    const invitation = tokenOf(await mailbox.next(email));
    expect((await post('/auth/email/verify', { token: pending, password: PASSWORD })).status).toBe(400);
    expect((await logIn(email, PASSWORD)).status).toBe(401);
    expect((await post('/auth/password/reset', { token: pending, new_password: PASSWORD })).status).toBe(400);
    expect((await post('/auth/password/reset', { token: invitation, new_password: CHOSEN })).status).toBe(
      204,
    );
    expect((await logIn(email, CHOSEN)).status).toBe(200);
  });

  it('leaves nothing to whoever registers with the address afterwards', async () => {
    const email = 'wanted-later@example.com';
    await admin.change('POST', '/users', { email, roles: ['support'] });
    const invitation = tokenOf(await mailbox.next(email));
    await post('/auth/register', { email, password: PASSWORD });
    expect((await mailbox.next(email)).text).not.toContain('token=');
    expect((await logIn(email, PASSWORD)).status).toBe(401);
    expect((await post('/auth/password/reset', { token: invitation, new_password: CHOSEN })).status).toBe(
      204,
    );
  });

  it('hands no account over that is there already, whoever made it', async () => {
    const email = 'taken@example.com';
    await replicas.query(`insert into users (email, password_hash) values ($1, '')`, [email]);
    const answer = await admin.call('POST', '/users', { email: 'Taken@Example.com', roles: ['support'] });
    expect([answer.status, answer.body['code']]).toEqual([409, 'EMAIL_TAKEN']);
    const roles = await replicas.query(
      'select 1 from user_roles join users on id = user_id where email = $1',
      [email],
    );
    expect(roles).toEqual([]);
    expect(mailbox.to(email)).toEqual([]);
  });

  it.each([
    { email: 'x@example.com', roles: ['no-such-role'] },
    { email: 'no address', roles: [] },
  ])('makes no account for %j', async (body) => {
    expect((await admin.call('POST', '/users', body)).status).toBe(400);
    expect(await replicas.query('select 1 from users where email = $1', [body.email])).toEqual([]);
  });

  it('is made once, however many invite at once', async () => {
    const email = 'popular@example.com';
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => admin.call('POST', '/users', { email, roles: [] })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
  });
});
