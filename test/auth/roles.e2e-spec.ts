import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { AdminApi, administrator, person, type Person } from '../support/administration.js';
import { PASSWORD } from '../support/deployment.js';
import { FeedFollower } from '../support/feed.js';
import { request } from '../support/http.js';
import { addClient, clientCredentials, exchange } from '../support/oauth.js';
import { operate, operateJson } from '../support/operator.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  eventually,
  refresh,
  statusOfMe,
  tryRefresh,
} from '../support/sessions.js';

const ALL_KINDS = '?kinds=session,user,key,client,stale-user,stale-role';

describe('roles', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let other: RunningService;
  let admin: AdminApi;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    [auth, other] = [await replicas.start(), await replicas.start()];
    admin = new AdminApi(auth, (await administrator(replicas, auth)).access_token);
    await admin.setRole('support', 'tasks:read', 'tasks:write');
    await admin.setRole('billing', 'invoices:read', 'tasks:read');
  });
  afterAll(() => replicas.end());

  const environment = () => replicas.environment;
  const rightsIn = (token: string) => {
    const { roles, scope } = claimsOf(token);
    return { roles, scope };
  };
  const me = (token: string, service = auth) => request('GET', `${service.url}/auth/me`, { token });
  const isStale = async (token: string, service = auth) =>
    (await me(token, service)).body['code'] === 'TOKEN_STALE';

  it('are in the token as names, and as the union of what they allow', async () => {
    const ada = await person(auth);
    expect(rightsIn(ada.access_token)).toEqual({ roles: undefined, scope: undefined });
    await admin.setRolesOf(ada, 'support', 'billing');
    const { access_token } = await refresh(auth, ada.refresh_token);
    const rights = { roles: ['billing', 'support'], scope: 'invoices:read tasks:read tasks:write' };
    expect(rightsIn(access_token)).toEqual(rights);
    expect(rightsIn((await beginSession(other, ada.email)).access_token)).toEqual(rights);
  });

  it('make older tokens stale at every replica when they change; the session goes on, and one refresh is enough', async () => {
    const ada = await person(auth);
    await admin.setRolesOf(ada, 'support');
    const answer = await me(ada.access_token);
    expect([answer.status, answer.body['code'], answer.body['detail']]).toEqual([
      401,
      'TOKEN_STALE',
      'Token expired',
    ]);
    await eventually(() => isStale(ada.access_token, other));
    // In the very second of the change, at a replica that may have heard of it only now.
    const next = await refresh(other, ada.refresh_token);
    for (const service of [auth, other]) expect(await statusOfMe(service, next.access_token)).toBe(200);
    expect(rightsIn(next.access_token)).toMatchObject({ roles: ['support'] });
    await admin.setRolesOf(ada);
    expect(await isStale(next.access_token)).toBe(true);
    expect(rightsIn((await refresh(auth, next.refresh_token)).access_token).roles).toBeUndefined();
  });

  it('that do not change make nothing stale', async () => {
    const ada = await person(auth);
    await admin.setRolesOf(ada, 'support', 'support');
    const { access_token } = await refresh(auth, ada.refresh_token);
    await admin.setRolesOf(ada, 'support');
    await admin.change('PUT', '/roles/support', {
      scopes: ['tasks:write', 'tasks:read', 'tasks:read'],
      description: 'Helps people',
    });
    expect(await statusOfMe(auth, access_token)).toBe(200);
  });

  it('that allow something else are one entry in the feed, however many have them', async () => {
    const follower = await FeedFollower.open(auth, replicas.secrets.REVOCATION_FEED_KEY, ALL_KINDS);
    await admin.setRole('crowd', 'a:one');
    await replicas.query(
      `with crowd as (insert into users (email, password_hash)
          select 'crowd-' || g || '@example.com', '' from generate_series(1, 100000) g returning id)
        insert into user_roles (user_id, role) select id, 'crowd' from crowd`,
    );
    const ada = await person(auth);
    await admin.setRolesOf(ada, 'crowd');
    const { access_token, refresh_token } = await refresh(auth, ada.refresh_token);
    await eventually(() => follower.names(ada.id));
    const before = follower.events.length;
    await admin.setRole('crowd', 'a:one', 'a:two');
    await eventually(() => follower.names('crowd'));
    const entries = follower.events.slice(before).flatMap((event) => event.entries);
    expect(entries.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['stale-role crowd']);
    expect(await isStale(access_token)).toBe(true);
    expect(rightsIn((await refresh(auth, refresh_token)).access_token).scope).toBe('a:one a:two');
    await admin.change('DELETE', '/roles/crowd');
    follower.close();
  });

  it('that are removed are nobody’s any more', async () => {
    await admin.setRole('short-lived', 'a:one');
    const ada = await person(auth);
    await admin.setRolesOf(ada, 'short-lived', 'support');
    const { access_token, refresh_token } = await refresh(auth, ada.refresh_token);
    await admin.change('DELETE', '/roles/short-lived');
    expect(await isStale(access_token)).toBe(true);
    expect(rightsIn((await refresh(auth, refresh_token)).access_token).roles).toEqual(['support']);
  });

  it('reach an exchanged token: it is stale with the one that it came from', async () => {
    const reports = await addClient(
      'reports',
      '--audience business --scope tasks:read --on-behalf-of-users',
      environment(),
    );
    const ada = await person(auth);
    await admin.setRolesOf(ada, 'support');
    const { access_token } = await refresh(auth, ada.refresh_token);
    const { body } = await exchange(auth, reports, access_token, { audience: 'business' });
    expect(rightsIn(body.access_token)).toEqual({ roles: ['support'], scope: 'tasks:read' });
    await admin.setRolesOf(ada, 'billing');
    const again = await exchange(other, reports, access_token, { audience: 'business' });
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
    const further = await exchange(other, reports, body.access_token, { audience: 'business' });
    expect([further.status, further.body.error]).toEqual([400, 'invalid_grant']);
  });

  it('that a change takes away are in no token that is newer, however long its commit takes', async () => {
    const ada = await person(auth);
    await admin.setRolesOf(ada, 'support');
    const before = await refresh(auth, ada.refresh_token);
    // A change that has written its cut-off is held up for more than a second before it commits.
    const slow = await replicas.connect();
    await slow.query('begin');
    await slow.query(`delete from user_roles where user_id = $1`, [ada.id]);
    await slow.query(
      `insert into cut_offs (kind, id, before, expires_at)
        values ('stale-user', $1, floor(extract(epoch from clock_timestamp())) + 1, now() + interval '1 hour')
        on conflict (kind, id) do update set before = excluded.before, written_by = pg_current_xact_id()`,
      [ada.id],
    );
    await delay(1_200);
    const meanwhile = await refresh(auth, before.refresh_token);
    await slow.query('commit');
    // What RevocationsService does after each commit.
    const [{ moved } = { moved: 0 }] = await replicas.query<{ moved: number }>(
      `with moved as (update cut_offs set before = floor(extract(epoch from clock_timestamp())) + 1,
          written_by = pg_current_xact_id()
        where id = $1 and before < floor(extract(epoch from clock_timestamp())) + 1 returning 1)
        select count(*)::int as moved from moved`,
      [ada.id],
    );
    await slow.end();
    expect(moved).toBe(1);
    await replicas.query('notify revocations');
    await eventually(() => isStale(meanwhile.access_token));
  });

  it('fit into a token of 4 KiB, or are refused', async () => {
    const longScopes = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => `scope-${from + n}-${'x'.repeat(40)}`);
    const ada = await person(auth);
    await admin.setRole('half', ...longScopes(0, 18));
    await admin.setRole('other-half', ...longScopes(100, 10));
    await admin.setRolesOf(ada, 'half', 'other-half');
    const tokens = await refresh(auth, ada.refresh_token);
    expect(tokens.access_token.length).toBeLessThanOrEqual(4096);
    for (const [path, body] of [
      ['/roles/other-half', { scopes: longScopes(100, 30) }],
      ['/roles/alone', { scopes: longScopes(0, 64) }],
    ] as const) {
      const answer = await admin.call('PUT', path, body);
      expect([answer.status, answer.body['code']]).toEqual([400, 'RIGHTS_TOO_LARGE']);
    }
    await admin.setRole('third', ...longScopes(200, 30));
    const answer = await admin.call('PUT', `/users/${ada.id}/roles`, {
      roles: ['half', 'other-half', 'third'],
    });
    expect([answer.status, answer.body['code']]).toEqual([400, 'RIGHTS_TOO_LARGE']);
    expect(await statusOfMe(auth, tokens.access_token)).toBe(200);
  });

  it('of a client’s own token are none', async () => {
    const lonely = await addClient('lonely', '--audience business --scope tasks:read', environment());
    const { body } = await clientCredentials(auth, lonely, { audience: 'business' });
    expect(rightsIn(body.access_token)).toEqual({ roles: undefined, scope: 'tasks:read' });
  });

  describe('at the command line', () => {
    const run = (...args: string[]) => operate(args, environment());

    it('are defined, listed and removed', async () => {
      await operateJson(
        ['roles', 'set', 'from-shell', '--scope', 'b:two', '--scope', 'a:one'],
        environment(),
      );
      const { roles } = await operateJson<{ roles: { name: string; scopes: string[] }[] }>(
        ['roles', 'list'],
        environment(),
      );
      expect(roles.find(({ name }) => name === 'from-shell')?.scopes).toEqual(['a:one', 'b:two']);
      await operateJson(['roles', 'set', 'from-shell', '--description', 'as before'], environment());
      expect((await run('roles', 'list')).stdout).toMatch(/from-shell +a:one b:two +as before/);
      await operateJson(['roles', 'set', 'from-shell', '--no-scopes'], environment());
      expect((await run('roles', 'list')).stdout).toMatch(/from-shell +- +as before/);
      expect((await run('roles', 'remove', 'from-shell')).code).toBe(0);
      expect((await run('roles', 'remove', 'from-shell')).stderr).toContain('There is no such role');
      expect((await run('roles', 'remove', 'admin')).stderr).toContain('cannot be removed');
      expect((await run('roles', 'set', '__proto__')).code).toBe(2);
    });

    it('are given to a user and taken away; running services hear of it', async () => {
      const ada = await person(auth);
      const granted = await operateJson<{ roles: string[] }>(
        ['users', 'grant', ada.email, 'support'],
        environment(),
      );
      expect(granted.roles).toEqual(['support']);
      await eventually(() => isStale(ada.access_token));
      await operateJson(['users', 'revoke', ada.id, 'support'], environment());
      const shown = await operateJson<{ roles: string[] }>(['users', 'show', ada.email], environment());
      expect(shown.roles).toEqual([]);
      expect((await run('users', 'grant', ada.email, 'no-such-role')).stderr).toContain('There is no role');
      expect((await run('users', 'grant', 'nobody@example.com', 'support')).stderr).toContain('no user');
    });

    it('tell of a role that a user does not have, as it may be misspelt, and of a limit that is no number', async () => {
      const ada = await person(auth);
      await operateJson(['users', 'grant', ada.email, 'support'], environment());
      const misspelt = await run('users', 'revoke', ada.email, 'suport');
      expect(misspelt.stderr).toBe('The user does not have the role "suport". Nothing was changed.\n');
      expect(misspelt.code).toBe(1);
      for (const limit of ['x', '0', '-1', '10001', '1.5'])
        expect((await run('users', 'list', `--limit=${limit}`)).code).toBe(2);
    });

    it('disable, enable, end sessions of and delete a user', async () => {
      const ada = await person(auth);
      const found = await operateJson<{ users: Person[] }>(
        ['users', 'list', '--query', ada.email],
        environment(),
      );
      expect(found.users.map(({ id }) => id)).toEqual([ada.id]);
      await operateJson(['users', 'end-sessions', ada.email], environment());
      expect((await tryRefresh(auth, ada.refresh_token)).status).toBe(401);
      await operateJson(['users', 'disable', ada.email], environment());
      const disabled = await operateJson<{ users: Person[] }>(['users', 'list', '--disabled'], environment());
      expect(disabled.users.map(({ id }) => id)).toEqual([ada.id]);
      const logIn = () =>
        request('POST', `${auth.url}/auth/login`, { body: { email: ada.email, password: PASSWORD } });
      expect((await logIn()).status).toBe(401);
      await operateJson(['users', 'enable', ada.email], environment());
      expect((await logIn()).status).toBe(200);
      await operateJson(['users', 'delete', ada.email], environment());
      expect((await logIn()).status).toBe(401);
    });

    it('keep the last administrator, unless it is forced', async () => {
      const [last, ...others] = await replicas.query<{ id: string }>(
        `select user_id as id from user_roles where role = 'admin'`,
      );
      expect(others).toEqual([]);
      for (const args of [
        ['revoke', last!.id, 'admin'],
        ['disable', last!.id],
        ['delete', last!.id],
      ]) {
        const { code, stderr } = await run('users', ...args);
        expect([code, stderr]).toEqual([
          1,
          expect.stringContaining('No other user who can log in has the role admin'),
        ]);
      }
      await operateJson(['users', 'revoke', last!.id, 'admin', '--force'], environment());
      await operateJson(['users', 'grant', last!.id, 'admin'], environment());
    });
  });
});
