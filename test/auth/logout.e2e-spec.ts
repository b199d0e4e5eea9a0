import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request, type Answer } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  newPerson,
  refresh,
  statusOfMe,
  tryRefresh,
} from '../support/sessions.js';
import { forge } from '../support/tokens.js';

describe('logging out', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start();
  });
  afterAll(() => replicas.end());

  const newSession = async () => beginSession(auth, await newPerson(auth));
  const logOut = (options: { token?: string; body?: unknown } = {}): Promise<Answer> =>
    request('POST', `${auth.url}/auth/logout`, options);
  const expiredToken = () => forge(replicas.secrets.JWT_SECRET, { iat: 1_000_000, exp: 1_000_300 });

  it('by the access token ends the session and every access token of it', async () => {
    const login = await newSession();
    const { access_token, refresh_token } = await refresh(auth, login.refresh_token);
    expect((await logOut({ token: access_token })).status).toBe(204);
    expect((await tryRefresh(auth, refresh_token)).status).toBe(401);
    expect(await statusOfMe(auth, access_token)).toBe(401);
    expect(await statusOfMe(auth, login.access_token)).toBe(401);
  });

  it('by the refresh token does the same, without an access token', async () => {
    const { access_token, refresh_token } = await newSession();
    const answer = await logOut({ body: { refresh_token } });
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(await statusOfMe(auth, access_token)).toBe(401);
    expect((await tryRefresh(auth, refresh_token)).status).toBe(401);
  });

  it('by the refresh token works beside an access token that has run out, as clients send it anyway', async () => {
    const { access_token, refresh_token } = await newSession();
    const answer = await logOut({ token: await expiredToken(), body: { refresh_token } });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([204, null]);
    expect(await statusOfMe(auth, access_token)).toBe(401);
  });

  it('by an access token beside a refresh token that is no good still ends the session', async () => {
    const { access_token, refresh_token } = await newSession();
    expect((await logOut({ token: access_token, body: { refresh_token: 'rubbish' } })).status).toBe(204);
    expect((await tryRefresh(auth, refresh_token)).status).toBe(401);
  });

  it('by the tokens of two sessions ends both', async () => {
    const [one, two] = [await newSession(), await newSession()];
    await logOut({ token: one.access_token, body: { refresh_token: two.refresh_token } });
    expect(await statusOfMe(auth, one.access_token)).toBe(401);
    expect(await statusOfMe(auth, two.access_token)).toBe(401);
  });

  it('by a refresh token that is no longer the current one ends the session, too', async () => {
    const login = await newSession();
    const { access_token } = await refresh(auth, login.refresh_token);
    expect((await logOut({ body: { refresh_token: login.refresh_token } })).status).toBe(204);
    expect(await statusOfMe(auth, access_token)).toBe(401);
  });

  it('leaves the other sessions of the person alone', async () => {
    const email = await newPerson(auth);
    const [here, there] = [await beginSession(auth, email), await beginSession(auth, email)];
    await logOut({ token: here.access_token });
    expect(await statusOfMe(auth, there.access_token)).toBe(200);
    await refresh(auth, there.refresh_token);
  });

  it('again, by a refresh token whose session is over, or by none that ever was, answers the same', async () => {
    const { refresh_token } = await newSession();
    await logOut({ body: { refresh_token } });
    for (const token of [refresh_token, refresh_token.replace(/.$/, 'A'), 'rubbish', '']) {
      expect((await logOut({ body: { refresh_token: token } })).status).toBe(204);
    }
  });

  it('by a forged refresh token ends nothing', async () => {
    const { access_token, refresh_token } = await newSession();
    const forged = refresh_token.slice(0, -4) + (refresh_token.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    expect((await logOut({ body: { refresh_token: forged } })).status).toBe(204);
    expect(await statusOfMe(auth, access_token)).toBe(200);
  });

  it('needs a token', async () => {
    for (const body of [undefined, {}, { token: 'x' }, []]) {
      const answer = await logOut({ body });
      expect([answer.status, answer.body['detail']]).toEqual([401, 'Unauthorized']);
    }
    const expired = await logOut({ token: await expiredToken() });
    expect([expired.status, expired.body['detail']]).toEqual([401, 'Token expired']);
  });

  it.each([
    ['a number', { refresh_token: 1 }],
    ['null', { refresh_token: null }],
    ['an overlong text', { refresh_token: 'x'.repeat(1025) }],
    ['a field that nobody asked for', { refresh_token: 'x', all: true }],
  ])('answers 400 to %s', async (_case, body) => {
    expect((await logOut({ body })).status).toBe(400);
  });

  it('during fifty refreshes lets none of them bring the session back', async () => {
    const { access_token, refresh_token } = await newSession();
    const refreshes = Array.from({ length: 50 }, () => tryRefresh(auth, refresh_token));
    const [ended, ...answers] = await Promise.all([logOut({ token: access_token }), ...refreshes]);
    expect(ended?.status).toBe(204);
    for (const { status, body } of answers) {
      expect([200, 401]).toContain(status);
      if (status !== 200) continue;
      expect(await statusOfMe(auth, String(body['access_token']))).toBe(401);
      expect((await tryRefresh(auth, body['refresh_token'])).status).toBe(401);
    }
  });
});
