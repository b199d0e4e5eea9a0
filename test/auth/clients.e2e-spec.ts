import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from '../support/http.js';
import {
  addClient,
  basic,
  clientCredentials,
  exchange,
  postForm,
  type RegisteredClient,
} from '../support/oauth.js';
import { operate, operateJson } from '../support/operator.js';
import type { Environment, RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  eventually,
  newPerson,
  refresh,
  tryRefresh,
} from '../support/sessions.js';

describe('clients', () => {
  let replicas: AuthReplicas;
  let environment: Environment;
  let auth: RunningService;
  let another: RunningService;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clients-'));
    replicas = await AuthReplicas.prepare();
    environment = replicas.environment;
    [auth, another] = await Promise.all([replicas.start(), replicas.start()]);
  });
  afterAll(async () => {
    await replicas.end();
    await rm(folder, { recursive: true });
  });

  const command = (...args: string[]) => operate(['clients', ...args], environment);
  const show = (id: string) => operateJson<Record<string, unknown>>(['clients', 'show', id], environment);
  const statusOf = async (client: RegisteredClient) =>
    (await clientCredentials(auth, client, { audience: 'business' })).status;

  describe('the commands', () => {
    it('add a client whose secret is shown once, and describe it without', async () => {
      const client = await addClient(
        'reports',
        '--audience business --scope tasks:read --scope stats --audience mail --scope send --on-behalf-of-users',
        environment,
      );
      expect(client).toMatchObject({
        client_id: 'reports',
        client_secret: expect.stringMatching(/^sgn_cs_/),
      });
      expect(await show('reports')).toEqual({
        client_id: 'reports',
        grants: [
          { audience: 'business', scopes: ['tasks:read', 'stats'] },
          { audience: 'mail', scopes: ['send'] },
        ],
        on_behalf_of_users: true,
        authentication: 'secret',
        jwks_url: null,
        service_account: null,
        previous_secret_until: null,
        disabled: false,
        created_at: expect.any(String),
        last_token_at: null,
      });
      expect(await statusOf(client)).toBe(200);
      expect(await show('reports')).toMatchObject({ last_token_at: expect.any(String) });
      const { stdout } = await command('list');
      expect(stdout).toContain('business[tasks:read stats] mail[send]');
      expect(stdout).not.toContain(client.client_secret);
    });

    it.each([
      ['nothing to call', ['lonely'], 2, '--audience'],
      ['a bad name', ['Bad_Name', '--audience', 'x1'], 1, '2 to 63 lower case letters'],
      ['a name that is taken', ['reports', '--audience', 'x1'], 1, 'already'],
      ['auth as its audience', ['a1', '--audience', 'auth'], 1, 'auth itself'],
      ['a scope with a quote', ['a1', '--audience', 'x1', '--scope', 'a"b'], 2, 'scope'],
      [
        'scopes of which audience is not clear',
        ['a1', '--scope', 'x', '--audience', 'b1', '--audience', 'c1'],
        2,
        'after',
      ],
      [
        'a JWKS URL without TLS',
        ['a1', '--audience', 'x1', '--jwks-url', 'http://keys.example'],
        1,
        'https://',
      ],
      [
        'a JWKS URL of another kind',
        ['a1', '--audience', 'x1', '--jwks-url', 'file:///etc/passwd'],
        1,
        'https://',
      ],
      [
        'the account that every pod has',
        ['a1', '--audience', 'x1', '--service-account', 'shop/default'],
        1,
        'default',
      ],
      ['half an account', ['a1', '--audience', 'x1', '--service-account', 'shop'], 1, 'NAMESPACE/NAME'],
      ['a key that is not there', ['a1', '--audience', 'x1', '--public-key', '/nowhere'], 1, 'ENOENT'],
    ])('refuse %s, and change nothing', async (_, args, code, reason) => {
      const before = await replicas.query('select * from clients');
      const result = await command('add', ...args);
      expect({ code: result.code, stderr: result.stderr }).toEqual({
        code,
        stderr: expect.stringContaining(reason),
      });
      expect(await replicas.query('select * from clients')).toEqual(before);
    });

    it('refuse a private key, two credentials, and a service account that another client has', async () => {
      const file = join(folder, 'private.pem');
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const options = ['a1', '--audience', 'x1'];
      expect((await command('add', ...options, '--public-key', file)).stderr).toContain('private key');
      const two = ['--jwks-url', 'https://keys.example', '--service-account', 'shop/a'];
      expect((await command('add', ...options, ...two)).stderr).toContain('one credential');
      await operateJson(['clients', 'add', ...options, '--service-account', 'shop/a'], environment);
      expect(
        (await command('add', 'a2', '--audience', 'x1', '--service-account', 'shop/a')).stderr,
      ).toContain('shop/a');
      expect((await command('rotate-secret', 'a1')).stderr).toContain('without a secret');
    });

    it.each(['show', 'rotate-secret', 'disable', 'enable', 'remove'])(
      '%s knows no client that there is not',
      async (name) => {
        const { code, stderr } = await command(name, 'nobody');
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringContaining('There is no client "nobody"'),
        });
      },
    );

    it('set replaces the grants and keeps the secret; what the client loses, its tokens lose', async () => {
      const client = await addClient(
        'changing',
        '--audience business --scope tasks:read --on-behalf-of-users',
        environment,
      );
      const ask = (scope: string) => clientCredentials(auth, client, { audience: 'business', scope });
      const held = (await ask('tasks:read')).body.access_token;
      const set = (...args: string[]) =>
        operateJson<Record<string, unknown>>(
          ['clients', 'set', 'changing', '--audience', 'business', ...args],
          environment,
        );
      const grants = [{ audience: 'business', scopes: ['tasks:write'] }];
      expect(await set('--scope', 'tasks:write')).toMatchObject({ grants, on_behalf_of_users: true });
      expect((await ask('tasks:read')).body.error).toBe('invalid_scope');
      const fresh = await ask('tasks:write');
      expect(fresh.status).toBe(200);
      const isActive = async (token: string) =>
        (await postForm<{ active: boolean }>(`${auth.url}/oauth/introspect`, { token }, basic(client))).body
          .active;
      await eventually(async () => !(await isActive(held)));
      const users = ['--scope', 'tasks:write', '--no-on-behalf-of-users'];
      expect(await set(...users)).toMatchObject({ grants, on_behalf_of_users: false });
      const alone = ['clients', 'set', 'changing', '--on-behalf-of-users'];
      expect(await operateJson(alone, environment)).toMatchObject({ grants, on_behalf_of_users: true });
      expect((await command('set', 'changing')).code).toBe(2);
      expect((await command('set', 'changing', '--scope', 'x', '--on-behalf-of-users')).code).toBe(2);
      expect((await command('set', 'nobody', '--audience', 'business')).stderr).toContain(
        'no client "nobody"',
      );
    });

    it('are audited, without secrets', async () => {
      const { client_id: id, client_secret } = await addClient('audited', '--audience business', environment);
      const { client_secret: second } = await operateJson<RegisteredClient>(
        ['clients', 'rotate-secret', id],
        environment,
      );
      for (const name of ['disable', 'enable', 'remove'])
        await operateJson(['clients', name, id], environment);
      const { events } = await operateJson<{ events: { event: string; subject: string }[] }>(
        ['audit', 'list'],
        environment,
      );
      expect(events.filter(({ subject }) => subject === id).map(({ event }) => event)).toEqual([
        'client_removed',
        'client_enabled',
        'client_disabled',
        'client_secret_rotated',
        'client_added',
      ]);
      for (const secret of [client_secret, second]) expect(JSON.stringify(events)).not.toContain(secret);
    });
  });

  it('a client that is disabled or removed is refused at every replica; what it held stays dead', async () => {
    const client = await addClient('switched', '--audience business', environment);
    const held = (await clientCredentials(auth, client, { audience: 'business' })).body.access_token;
    const isActive = async (service: RunningService, token: string, by: RegisteredClient) =>
      (await postForm<{ active: boolean }>(`${service.url}/oauth/introspect`, { token }, basic(by))).body
        .active;
    expect(await isActive(another, held, client)).toBe(true);
    await operateJson(['clients', 'disable', 'switched'], environment);
    for (const service of [auth, another])
      expect((await clientCredentials(service, client, { audience: 'business' })).body.error).toBe(
        'invalid_client',
      );
    await operateJson(['clients', 'enable', 'switched'], environment);
    for (const service of [auth, another])
      await eventually(async () => !(await isActive(service, held, client)));
    const fresh = (await clientCredentials(auth, client, { audience: 'business' })).body.access_token;
    expect(await isActive(another, fresh, client)).toBe(true);
    await operateJson(['clients', 'remove', 'switched'], environment);
    expect(await statusOf(client)).toBe(401);
    const again = await addClient('switched', '--audience business', environment);
    expect([await statusOf(client), await statusOf(again)]).toEqual([401, 200]);
    await eventually(async () => !(await isActive(another, fresh, again)));
  });

  describe('POST /oauth/introspect', () => {
    it('tells a client about its own tokens and about those for it, and of others nothing', async () => {
      const caller = await addClient(
        'caller',
        '--audience callee --scope read --on-behalf-of-users',
        environment,
      );
      const callee = await addClient('callee', '--audience business', environment);
      const stranger = await addClient('stranger', '--audience callee --scope read', environment);
      const user = await beginSession(auth, await newPerson(auth));
      const own = (await clientCredentials(auth, caller, { audience: 'callee' })).body.access_token;
      const forUser = (await exchange(auth, caller, user.access_token, { audience: 'callee' })).body
        .access_token;
      const introspect = async (by: RegisteredClient, token: string) =>
        (await postForm<Record<string, unknown>>(`${auth.url}/oauth/introspect`, { token }, basic(by))).body;
      for (const by of [caller, callee]) {
        expect(await introspect(by, own)).toMatchObject({
          active: true,
          token_type: 'Bearer',
          sub: 'caller',
          client_id: 'caller',
          aud: 'callee',
          scope: 'read',
          exp: expect.any(Number),
        });
        expect(await introspect(by, forUser)).toMatchObject({
          active: true,
          sub: claimsOf(user.access_token).sub,
          act: { sub: 'caller' },
        });
      }
      for (const token of [own, forUser, user.access_token, user.refresh_token, 'nonsense', `${own}x`])
        expect(await introspect(stranger, token)).toEqual({ active: false });
      expect(await introspect(caller, user.access_token)).toEqual({ active: false });
      await request('POST', `${auth.url}/auth/logout`, { token: user.access_token });
      expect(await introspect(callee, forUser)).toEqual({ active: false });
    });
  });

  describe('POST /oauth/revoke', () => {
    const revoke = (client: RegisteredClient, token: string, form = {}) =>
      postForm<undefined>(`${auth.url}/oauth/revoke`, { token, ...form }, basic(client));

    it('ends the session of a refresh token, whatever the hint says', async () => {
      const client = await addClient('logout', '--audience business', environment);
      const user = await beginSession(auth, await newPerson(auth));
      const { status, headers } = await revoke(client, user.refresh_token, {
        token_type_hint: 'access_token',
      });
      expect({ status, cache: headers.get('cache-control') }).toEqual({ status: 200, cache: 'no-store' });
      expect((await tryRefresh(auth, user.refresh_token)).status).toBe(401);
      expect((await request('GET', `${auth.url}/auth/me`, { token: user.access_token })).status).toBe(401);
    });

    it("ends a client's own token, and changes nothing for any other token", async () => {
      const client = await addClient('holder', '--audience business --on-behalf-of-users', environment);
      const other = await addClient('other', '--audience business', environment);
      const user = await beginSession(auth, await newPerson(auth));
      const own = (await clientCredentials(auth, client, { audience: 'business' })).body.access_token;
      const isActive = async () =>
        (await postForm<{ active: boolean }>(`${auth.url}/oauth/introspect`, { token: own }, basic(client)))
          .body.active;
      for (const token of [own, user.access_token, 'nonsense', 'a.b.c'])
        expect((await revoke(other, token)).status).toBe(200);
      expect(await isActive()).toBe(true);
      expect((await request('GET', `${auth.url}/auth/me`, { token: user.access_token })).status).toBe(200);
      expect((await revoke(client, own)).status).toBe(200);
      expect(await isActive()).toBe(false);
      expect(await statusOf(client)).toBe(200);
      await refresh(auth, user.refresh_token);
    });

    it('asks who the client is, and for a token', async () => {
      const client = await addClient('asker', '--audience business', environment);
      const user = await beginSession(auth, await newPerson(auth));
      expect((await revoke({ ...client, client_secret: 'x' }, user.refresh_token)).status).toBe(401);
      expect((await postForm(`${auth.url}/oauth/revoke`, {}, basic(client))).body.error).toBe(
        'invalid_request',
      );
      await refresh(auth, user.refresh_token);
    });
  });

  it('the metadata of auth say where it gives tokens, and to whom', async () => {
    const { body } = await request('GET', `${auth.url}/.well-known/oauth-authorization-server`);
    expect(body).toMatchObject({
      issuer: 'http://localhost:3000',
      token_endpoint: 'http://localhost:3000/oauth/token',
      introspection_endpoint: 'http://localhost:3000/oauth/introspect',
      revocation_endpoint: 'http://localhost:3000/oauth/revoke',
      grant_types_supported: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      response_types_supported: [],
    });
  });

  it('profile bare has no tokens for services, and says so', async () => {
    const bare = await replicas.start({ JWT_PROFILE: 'bare' });
    const client = await addClient('early', '--audience business', environment);
    const { body } = await clientCredentials(bare, client, { audience: 'business' });
    expect(body.error).toBe('unsupported_grant_type');
    const metadata = await request('GET', `${bare.url}/.well-known/oauth-authorization-server`);
    expect(metadata.body).toMatchObject({ grant_types_supported: [] });
  });

  it('in development a service of the workspace is registered as it asks, and in production it is not', async () => {
    const { developmentDefaults } = await import('@signet/service-kit');
    const secret = developmentDefaults('auth', ['CLIENT_SECRET'], {})['CLIENT_SECRET']?.() ?? '';
    const service = { client_id: 'in-development', client_secret: secret };
    const { status, body } = await clientCredentials(auth, service, {
      audience: 'business',
      scope: 'tasks:read',
    });
    expect({ status, scope: body.scope }).toEqual({ status: 200, scope: 'tasks:read' });
    await clientCredentials(auth, service, { audience: 'business', scope: 'stats' });
    expect(await show('in-development')).toMatchObject({
      grants: [{ audience: 'business', scopes: ['tasks:read', 'stats'] }],
    });
    expect((await clientCredentials(auth, service, { audience: 'auth' })).body.error).toBe('invalid_target');
    const beside = await replicas.start({ CLIENT_KEY_FILE: '/of/another/service.json' });
    const second = { ...service, client_id: 'in-development-too' };
    expect((await clientCredentials(beside, second, { audience: 'business' })).status).toBe(200);
    expect(
      (await clientCredentials(auth, { ...service, client_id: 'reports' }, { audience: 'business' })).status,
    ).toBe(401);
  });
});
