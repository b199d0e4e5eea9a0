import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from '../support/http.js';
import { clientCredentials, exchange, likeLogin, type RegisteredClient } from '../support/oauth.js';
import { operateJson } from '../support/operator.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, beginSession, claimsOf, newPerson, type Tokens } from '../support/sessions.js';

describe('/admin/clients', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let user: Tokens;
  let admin: string;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start();
    user = await beginSession(auth, await newPerson(auth));
    admin = await as({ roles: ['admin'], auth_time: Math.floor(Date.now() / 1000) });
  });
  afterAll(() => replicas.end());

  const as = (claims: object) =>
    likeLogin(replicas.secrets.JWT_SECRET, user.access_token, claims as Record<string, unknown>);
  const call = <T = Record<string, unknown>>(method: string, path: string, body?: object, token = admin) =>
    request<T>(method, `${auth.url}/admin/clients${path}`, { token, body });
  const grants = [{ audience: 'business', scopes: ['tasks:read'] }];
  const statusOf = async (client: RegisteredClient) =>
    (await clientCredentials(auth, client, { audience: 'business' })).status;

  it('adds, lists, changes and removes a client; its secret is shown once', async () => {
    const added = await call<RegisteredClient>('POST', '/reports', { grants, on_behalf_of_users: true });
    expect(added).toMatchObject({
      status: 201,
      body: { client_id: 'reports', grants, authentication: 'secret' },
    });
    expect(added.headers.get('cache-control')).toBe('no-store');
    expect(await statusOf(added.body)).toBe(200);
    const list = await call<{ clients: object[] }>('GET', '');
    expect(list.body.clients).toMatchObject([{ client_id: 'reports', disabled: false }]);
    expect(JSON.stringify(list.body)).not.toContain(added.body.client_secret);
    expect(await call('GET', '/reports')).toMatchObject({ status: 200, body: { client_id: 'reports' } });

    expect(await call('PATCH', '/reports', { disabled: true })).toMatchObject({
      status: 200,
      body: { disabled: true },
    });
    expect(await statusOf(added.body)).toBe(401);
    expect(await call('PATCH', '/reports', { disabled: false })).toMatchObject({ body: { disabled: false } });
    expect(await statusOf(added.body)).toBe(200);

    expect((await call('DELETE', '/reports')).status).toBe(204);
    expect(await statusOf(added.body)).toBe(401);
    const { events } = await operateJson<{ events: { event: string; doer: string }[] }>(['audit', 'list'], {
      ...replicas.secrets,
      DATABASE_URL: replicas.database.url,
    });
    const mine = await replicas.query<{ event: string; doer: string }>(
      `select event, doer from audit_events where subject = 'reports' and event <> 'client_authentication' order by id`,
    );
    expect(events.length).toBeGreaterThan(0);
    expect(mine.map(({ event }) => event)).toEqual([
      'client_added',
      'client_disabled',
      'client_enabled',
      'client_removed',
    ]);
    expect(new Set(mine.map(({ doer }) => doer))).toEqual(new Set([claimsOf(user.access_token).sub]));
  });

  it('a client that loses a scope loses the tokens that have it', async () => {
    const both = [{ audience: 'business', scopes: ['tasks:read', 'stats'] }];
    const { body: client } = await call<RegisteredClient>('POST', '/narrowed', {
      grants: both,
      on_behalf_of_users: true,
    });
    const { access_token } = (await exchange(auth, client, user.access_token, { audience: 'business' })).body;
    const isActive = async () => {
      const form = new URLSearchParams({ token: access_token });
      const authorization = `Basic ${Buffer.from(`narrowed:${client.client_secret}`).toString('base64')}`;
      const answer = await fetch(`${auth.url}/oauth/introspect`, {
        method: 'POST',
        body: form,
        headers: { authorization },
      });
      return ((await answer.json()) as { active: boolean }).active;
    };
    await call('PATCH', '/narrowed', { grants: [...both, { audience: 'mail', scopes: [] }] });
    expect(await isActive()).toBe(true);
    await call('PATCH', '/narrowed', { grants });
    expect(await isActive()).toBe(false);
  });

  it.each([
    ['no audience', 'POST', '/bad-one', { grants: [] }, 400, 'CLIENT_INVALID'],
    [
      'auth itself',
      'POST',
      '/bad-one',
      { grants: [{ audience: 'auth', scopes: [] }] },
      400,
      'CLIENT_INVALID',
    ],
    ['a bad id', 'POST', '/BAD', { grants }, 400, 'CLIENT_ID_INVALID'],
    ["the client of people's own tokens", 'POST', '/first-party', { grants }, 400, 'CLIENT_ID_INVALID'],
    ['an unknown field', 'POST', '/bad-one', { grants, secret: 'mine' }, 400, 'VALIDATION_FAILED'],
    [
      'a scope that is no text',
      'POST',
      '/bad-one',
      { grants: [{ audience: 'a', scopes: [1] }] },
      400,
      'VALIDATION_FAILED',
    ],
    ['nobody', 'PATCH', '/nobody', { disabled: true }, 404, 'CLIENT_NOT_FOUND'],
    ['nobody', 'DELETE', '/nobody', undefined, 404, 'CLIENT_NOT_FOUND'],
  ])('refuses %s (%s)', async (_, method, path, body, status, code) => {
    expect(await call(method, path, body)).toMatchObject({ status, body: { code } });
    expect(await replicas.query(`select 1 from clients where id = 'bad-one'`)).toEqual([]);
  });

  it.each([
    ['null for disabled', { disabled: null }],
    ['null for on_behalf_of_users', { on_behalf_of_users: null }],
    ['null for grants', { grants: null }],
    ['a grant that is null', { grants: [null] }],
    ['a grant in a list', { grants: [[{ audience: 'business', scopes: [] }]] }],
  ])('a change with %s is refused, and enables no disabled client', async (_, change) => {
    await call('POST', '/switched-off', { grants });
    const before = (await call('PATCH', '/switched-off', { disabled: true })).body;
    expect(await call('PATCH', '/switched-off', change)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED' },
    });
    expect((await call('GET', '/switched-off')).body).toEqual(before);
  });

  it.each([
    ['GET', undefined],
    ['PATCH', { disabled: true }],
    ['DELETE', undefined],
  ])('%s of what cannot be an id finds nothing', async (method, body) => {
    expect(await call(method, '/a%00', body)).toMatchObject({
      status: 404,
      body: { code: 'CLIENT_NOT_FOUND' },
    });
  });

  it('is for administrators, and changes need a recent login', async () => {
    const old = Math.floor(Date.now() / 1000) - 901;
    const stale = await as({ roles: ['admin'], auth_time: old });
    expect((await call('GET', '', undefined, stale)).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/sneaky', { grants }],
      ['PATCH', '/narrowed', { disabled: true }],
      ['DELETE', '/narrowed', undefined],
    ] as const) {
      expect(await call(method, path, body, stale)).toMatchObject({
        status: 401,
        body: { code: 'REAUTHENTICATION_REQUIRED' },
      });
      expect((await call(method, path, body, user.access_token)).status).toBe(403);
    }
    expect((await call('GET', '', undefined, user.access_token)).status).toBe(403);
    expect((await request('GET', `${auth.url}/admin/clients`)).status).toBe(401);
  });
});
