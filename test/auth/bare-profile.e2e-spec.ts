import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  newPerson,
  refresh,
  statusOfMe,
  tryRefresh,
} from '../support/sessions.js';

/** Access tokens without `sid` do not say which session they belong to: see docs on the profile. */
describe('sessions in profile bare', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start({ JWT_PROFILE: 'bare' });
  });
  afterAll(() => replicas.end());

  const twoSessions = async () => {
    const email = await newPerson(auth);
    return { email, here: await beginSession(auth, email), there: await beginSession(auth, email) };
  };
  const call = (method: string, path: string, token: string | undefined, body?: unknown) =>
    request(method, auth.url + path, { token, ...(body !== undefined && { body }) });

  it('end by the refresh token one at a time; the others get new access tokens by a refresh', async () => {
    const { here, there } = await twoSessions();
    const { refresh_token } = here;
    expect((await call('POST', '/auth/logout', undefined, { refresh_token })).status).toBe(204);
    expect((await tryRefresh(auth, here.refresh_token)).status).toBe(401);
    expect(await statusOfMe(auth, here.access_token)).toBe(401);
    expect(await statusOfMe(auth, there.access_token)).toBe(401);
    const next = await refresh(auth, there.refresh_token);
    expect(await statusOfMe(auth, next.access_token)).toBe(200);
  });

  it('all end by an access token, as only so the one that it belongs to is sure to', async () => {
    const { here, there } = await twoSessions();
    expect((await call('POST', '/auth/logout', here.access_token)).status).toBe(204);
    expect(await statusOfMe(auth, here.access_token)).toBe(401);
    for (const { refresh_token } of [here, there]) {
      expect((await tryRefresh(auth, refresh_token)).status).toBe(401);
    }
  });

  it('begin anew in the second in which others have ended', async () => {
    const { email, here } = await twoSessions();
    await call('POST', '/auth/logout', here.access_token);
    const again = await beginSession(auth, email);
    expect(await statusOfMe(auth, again.access_token)).toBe(200);
  });

  it('are listed, none of them as the current one', async () => {
    const { here } = await twoSessions();
    const { body } = await call('GET', '/auth/sessions', here.access_token);
    expect((body['sessions'] as { current: boolean }[]).map(({ current }) => current)).toEqual([
      false,
      false,
    ]);
  });

  it.each([
    ['DELETE', '/auth/sessions', undefined],
    ['POST', '/auth/password', { current_password: PASSWORD, new_password: `${PASSWORD}, and more` }],
    ['DELETE', '/auth/me', { password: PASSWORD }],
  ])('all end by %s %s', async (method, path, body) => {
    const { here, there } = await twoSessions();
    expect((await call(method, path, here.access_token, body)).status).toBe(204);
    for (const { access_token, refresh_token } of [here, there]) {
      expect(await statusOfMe(auth, access_token)).toBe(401);
      expect((await tryRefresh(auth, refresh_token)).status).toBe(401);
    }
  });
});
