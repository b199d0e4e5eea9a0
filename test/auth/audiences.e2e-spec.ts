import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, claimsOf, newPerson, statusOfMe, type Tokens } from '../support/sessions.js';

describe('the audience of an access token', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let email: string;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start({ JWT_AUDIENCE: 'business,reports' });
    email = await newPerson(auth);
  });
  afterAll(() => replicas.end());

  const logIn = (audience?: unknown, { url } = auth) =>
    request<Tokens & { errors: unknown }>('POST', `${url}/auth/login`, {
      body: { email, password: PASSWORD, audience },
    });
  const refresh = (refresh_token: string, audience?: unknown) =>
    request<Tokens & { errors: unknown }>('POST', `${auth.url}/auth/refresh`, {
      body: { refresh_token, audience },
    });

  it('is everything that is configured, and auth itself, unless one is asked for', async () => {
    const { body } = await logIn();
    expect(claimsOf(body.access_token)['aud']).toEqual(['business', 'reports', 'auth']);
    expect(await statusOfMe(auth, body.access_token)).toBe(200);
  });

  it('is the one that a login asks for, and stays so when it is refreshed', async () => {
    const { body } = await logIn('business');
    expect(claimsOf(body.access_token)['aud']).toBe('business');
    const next = await refresh(body.refresh_token);
    expect(claimsOf(next.body.access_token)['aud']).toBe('business');
  });

  it('is the one that a refresh asks for, for that token', async () => {
    const { body } = await logIn();
    const reports = await refresh(body.refresh_token, 'reports');
    expect(claimsOf(reports.body.access_token)['aud']).toBe('reports');
    const next = await refresh(reports.body.refresh_token);
    expect(claimsOf(next.body.access_token)['aud']).toEqual(['business', 'reports', 'auth']);
    const own = await refresh(next.body.refresh_token, 'auth');
    expect(await statusOfMe(auth, own.body.access_token)).toBe(200);
  });

  it('has to be auth where somebody acts on the account', async () => {
    const { body } = await logIn('business');
    const { access_token: token } = body;
    for (const [method, path, content] of [
      ['GET', '/auth/me', undefined],
      ['GET', '/auth/sessions', undefined],
      ['DELETE', '/auth/sessions', undefined],
      ['DELETE', '/auth/me', { password: PASSWORD }],
      ['POST', '/auth/me/export', { password: PASSWORD }],
      ['POST', '/auth/password', { current_password: PASSWORD, new_password: `${PASSWORD}!` }],
      ['POST', '/auth/email', { password: PASSWORD, new_email: 'thief@example.com' }],
    ] as const) {
      const answer = await request(method, `${auth.url}${path}`, { token, body: content });
      expect([path, answer.status]).toEqual([path, 401]);
    }
    expect((await logIn()).status).toBe(200);
  });

  it.each([['nowhere'], [''], ['business,reports'], [['business']], [42]])(
    'cannot be %j, and nothing happens then',
    async (audience) => {
      const { body: before } = await logIn();
      const sessions = await replicas.query('select id, counter from sessions order by id');
      for (const answer of [await logIn(audience), await refresh(before.refresh_token, audience)]) {
        expect(answer.status).toBe(400);
        expect(answer.body.errors).toEqual([{ field: 'audience', message: expect.any(String) }]);
      }
      expect(await replicas.query('select id, counter from sessions order by id')).toEqual(sessions);
      expect((await refresh(before.refresh_token)).status).toBe(200);
    },
  );

  it('cannot be chosen where tokens have none', async () => {
    const bare = await replicas.start({ JWT_PROFILE: 'bare' });
    expect((await logIn('signet', bare)).status).toBe(400);
  });
});
