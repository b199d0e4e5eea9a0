import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  newPerson,
  refresh,
  statusOfMe,
  tryRefresh,
} from '../support/sessions.js';

const NEXT = 'another long and quiet evening';

describe('a person’s account', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start();
  });
  afterAll(() => replicas.end());

  const changePassword = (token: string, current_password: unknown, new_password: unknown): Promise<Answer> =>
    request('POST', `${auth.url}/auth/password`, { token, body: { current_password, new_password } });
  const remove = (token: string, body: unknown): Promise<Answer> =>
    request('DELETE', `${auth.url}/auth/me`, { token, body });
  const logIn = (email: string, password: string): Promise<Answer> =>
    request('POST', `${auth.url}/auth/login`, { body: { email, password } });

  describe('gets a new password', () => {
    it('that replaces the old one, ends all other sessions and keeps this one', async () => {
      const email = await newPerson(auth);
      const [other, here] = [await beginSession(auth, email), await beginSession(auth, email)];
      expect((await changePassword(here.access_token, PASSWORD, NEXT)).status).toBe(204);
      expect((await logIn(email, PASSWORD)).status).toBe(401);
      expect((await logIn(email, NEXT)).status).toBe(200);
      expect(await statusOfMe(auth, other.access_token)).toBe(401);
      expect((await tryRefresh(auth, other.refresh_token)).status).toBe(401);
      expect(await statusOfMe(auth, here.access_token)).toBe(200);
      await refresh(auth, here.refresh_token);
    });

    it('only for the current one', async () => {
      const email = await newPerson(auth);
      const [other, here] = [await beginSession(auth, email), await beginSession(auth, email)];
      const answer = await changePassword(here.access_token, 'not the password at all', NEXT);
      expect([answer.status, answer.body['code']]).toEqual([401, 'INVALID_CREDENTIALS']);
      expect((await logIn(email, PASSWORD)).status).toBe(200);
      expect(await statusOfMe(auth, other.access_token)).toBe(200);
    });

    it('by one of two requests that race', async () => {
      const email = await newPerson(auth);
      const { access_token } = await beginSession(auth, email);
      const nexts = [NEXT, `${NEXT}!`];
      const answers = await Promise.all(nexts.map((next) => changePassword(access_token, PASSWORD, next)));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 401]);
      const winner = nexts[answers.findIndex(({ status }) => status === 204)]!;
      expect((await logIn(email, winner)).status).toBe(200);
    });

    it('while somebody logs in by the old one: that session does not outlive the change', async () => {
      const email = await newPerson(auth);
      const { access_token } = await beginSession(auth, email);
      const [changed, ...logins] = await Promise.all([
        changePassword(access_token, PASSWORD, NEXT),
        ...Array.from({ length: 20 }, () => logIn(email, PASSWORD)),
      ]);
      expect(changed?.status).toBe(204);
      for (const { status, body } of logins) {
        expect([200, 401]).toContain(status);
        if (status === 200) expect(await statusOfMe(auth, String(body['access_token']))).toBe(401);
      }
    });

    it.each([
      ['a short password', PASSWORD, 'fourteen chars', 'new_password'],
      ['no new password', PASSWORD, undefined, 'new_password'],
      ['no current password', undefined, NEXT, 'current_password'],
      ['a current password that is no text', { $ne: '' }, NEXT, 'current_password'],
    ])('but not %s', async (_case, current, next, field) => {
      const { access_token } = await beginSession(auth, await newPerson(auth));
      const answer = await changePassword(access_token, current, next);
      expect([answer.status, answer.body['errors']]).toEqual([400, [{ field, message: expect.any(String) }]]);
    });
  });

  describe('is deleted', () => {
    it('with its sessions and all their tokens, and the address is free again', async () => {
      const email = await newPerson(auth);
      const [other, here] = [await beginSession(auth, email), await beginSession(auth, email)];
      expect((await remove(here.access_token, { password: PASSWORD })).status).toBe(204);
      for (const { access_token, refresh_token } of [other, here]) {
        expect(await statusOfMe(auth, access_token)).toBe(401);
        expect((await tryRefresh(auth, refresh_token)).status).toBe(401);
      }
      expect((await logIn(email, PASSWORD)).status).toBe(401);
      const { sub } = claimsOf(here.access_token);
      expect(await replicas.query(`select id from users where id = $1`, [sub])).toEqual([]);
      expect(await replicas.query(`select id from sessions where user_id = $1`, [sub])).toEqual([]);
      await request('POST', `${auth.url}/auth/register`, { body: { email, password: PASSWORD } });
      const again = await beginSession(auth, email);
      expect(claimsOf(again.access_token).sub).not.toBe(sub);
      expect(await statusOfMe(auth, again.access_token)).toBe(200);
    });

    it('only with its password', async () => {
      const { access_token } = await beginSession(auth, await newPerson(auth));
      const answer = await remove(access_token, { password: 'not the password at all' });
      expect([answer.status, answer.body['code']]).toEqual([401, 'INVALID_CREDENTIALS']);
      for (const body of [undefined, {}, { password: '' }, { password: 1 }]) {
        expect((await remove(access_token, body)).status).toBe(400);
      }
      expect(await statusOfMe(auth, access_token)).toBe(200);
    });

    it('while people log in: no session is left of it', async () => {
      const email = await newPerson(auth);
      const { access_token } = await beginSession(auth, email);
      const [removed, ...logins] = await Promise.all([
        remove(access_token, { password: PASSWORD }),
        ...Array.from({ length: 20 }, () => logIn(email, PASSWORD)),
      ]);
      expect(removed?.status).toBe(204);
      for (const { status, body } of logins) {
        expect([200, 401]).toContain(status);
        if (status === 200) expect(await statusOfMe(auth, String(body['access_token']))).toBe(401);
      }
    });
  });

  it('prints no password', () => {
    expect(auth.output()).not.toContain(PASSWORD);
    expect(auth.output()).not.toContain(NEXT);
  });
});
