import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { request } from '../support/http.js';
import {
  basic,
  clientCredentials,
  exchange,
  likeLogin,
  postForm,
  type RegisteredClient,
} from '../support/oauth.js';
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
      ...replicas.environment,
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

  describe('a new secret', () => {
    it('is shown once; the one before stays good for a week', async () => {
      const first = (await call<RegisteredClient>('POST', '/turning', { grants })).body;
      const rotated = await call<RegisteredClient & { previous_secret_until: string }>('PATCH', '/turning', {
        rotate_secret: 'overlap',
      });
      expect(rotated).toMatchObject({ status: 200, body: { client_id: 'turning' } });
      expect(rotated.headers.get('cache-control')).toBe('no-store');
      const days = (Date.parse(rotated.body.previous_secret_until) - Date.now()) / 86_400_000;
      expect(Math.round(days)).toBe(7);
      expect(rotated.body.client_secret).not.toBe(first.client_secret);
      expect([await statusOf(first), await statusOf(rotated.body)]).toEqual([200, 200]);
      expect((await call('GET', '/turning')).body).not.toHaveProperty('client_secret');
      expect((await call('PATCH', '/turning', { disabled: false })).body).not.toHaveProperty('client_secret');
      const audited = await replicas.query(
        `select doer from audit_events where subject = 'turning' and event = 'client_secret_rotated'`,
      );
      expect(audited).toEqual([{ doer: claimsOf(user.access_token).sub }]);
    });

    it('ends the old ones and every token of the client when it is made now', async () => {
      const first = (await call<RegisteredClient>('POST', '/leaked', { grants })).body;
      const second = (await call<RegisteredClient>('PATCH', '/leaked', { rotate_secret: 'overlap' })).body;
      const held = (await clientCredentials(auth, second, { audience: 'business' })).body.access_token;
      const third = await call<RegisteredClient>('PATCH', '/leaked', { rotate_secret: 'now', grants });
      expect(third.body).toMatchObject({ client_secret: expect.any(String), previous_secret_until: null });
      for (const old of [first, second]) expect(await statusOf(old)).toBe(401);
      expect(await statusOf(third.body)).toBe(200);
      const form = { token: held };
      const answer = await postForm(`${auth.url}/oauth/introspect`, form, basic(third.body));
      expect(answer.body).toEqual({ active: false });
    });

    it('is not made for a client that has none, and nothing else of such a change is done', async () => {
      const serviceAccount = { grants, service_account: 'shop/secretless' };
      const before = (await call('POST', '/secretless', serviceAccount)).body;
      const change = { rotate_secret: 'now', disabled: true };
      expect(await call('PATCH', '/secretless', change)).toMatchObject({
        status: 409,
        body: { code: 'CLIENT_HAS_NO_SECRET' },
      });
      expect((await call('GET', '/secretless')).body).toEqual(before);
    });

    it.each([null, true, 'later', ['now']])('is not made for rotate_secret %j', async (rotate_secret) => {
      const { body: client } = await call<RegisteredClient>('POST', `/steady-${randomUUID()}`, { grants });
      expect(await call('PATCH', `/${client.client_id}`, { rotate_secret })).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      });
      expect(await statusOf(client)).toBe(200);
    });
  });

  it.each([
    ['a newline', 'https://keys.example/jwks\n'],
    ['a tab inside', 'https://keys.exa\tmple/jwks'],
    ['a NUL', 'https://keys.example/jwks\0'],
    ['credentials', 'https://user:password@keys.example/jwks'],
    ['an empty user', 'https://@keys.example/jwks'],
    ['a fragment', 'https://keys.example/jwks#one'],
    ['http to another host', 'http://keys.example/jwks'],
    ['another scheme', 'file:///etc/passwd'],
    ['letters that are not ASCII', 'https://keys.exämple/jwks'],
  ])('refuses a JWKS URL with %s', async (_, jwks_url) => {
    expect(await call('POST', '/bad-one', { grants, jwks_url })).toMatchObject({
      status: 400,
      body: { code: 'CLIENT_INVALID' },
    });
    expect(await replicas.query(`select 1 from clients where id = 'bad-one'`)).toEqual([]);
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
    [
      "auth's own name, which account tokens are meant for",
      'POST',
      '/auth',
      { grants },
      400,
      'CLIENT_ID_INVALID',
    ],
    ["the client of people's own tokens", 'POST', '/first-party', { grants }, 400, 'CLIENT_ID_INVALID'],
    ['an unknown field', 'POST', '/bad-one', { grants, secret: 'mine' }, 400, 'VALIDATION_FAILED'],
    [
      'a scope given twice',
      'POST',
      '/bad-one',
      { grants: [{ audience: 'a', scopes: ['b', 'c', 'b'] }] },
      400,
      'CLIENT_INVALID',
    ],
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
      ['PATCH', '/narrowed', { rotate_secret: 'now' }],
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
