import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AdminApi, administrator, person, type Person } from '../support/administration.js';
import { request, type Answer } from '../support/http.js';
import { likeLogin } from '../support/oauth.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, eventually, refresh } from '../support/sessions.js';
import { forge } from '../support/tokens.js';

const NOBODY = '018f0000-0000-7000-8000-000000000000';

interface Route {
  readonly method: string;
  readonly path: (id: string) => string;
  readonly body?: unknown;
  /** What an administrator with a recent login is answered. */
  readonly status: number;
  readonly isChange: boolean;
}

const route = (method: string, path: Route['path'], status: number, body?: unknown): Route => ({
  method,
  path,
  body,
  status,
  isChange: method !== 'GET',
});

const GRANTS = [{ audience: 'business', scopes: ['tasks:read'] }];

const ROUTES: readonly Route[] = [
  route('GET', () => '/admin/users', 200),
  route('GET', () => '/admin/users?query=person&role=admin&disabled=false&limit=1', 200),
  route('GET', (id) => `/admin/users/${id}`, 200),
  route('POST', () => '/admin/users', 201, { email: 'invited@example.com', roles: [] }),
  route('PATCH', (id) => `/admin/users/${id}`, 200, { disabled: false }),
  route('PUT', (id) => `/admin/users/${id}/roles`, 200, { roles: [] }),
  route('DELETE', (id) => `/admin/users/${id}/sessions`, 204),
  route('POST', (id) => `/admin/users/${id}/password-reset`, 202),
  route('DELETE', (id) => `/admin/users/${id}`, 204),
  route('GET', () => '/admin/roles', 200),
  route('PUT', () => '/admin/roles/matrix', 200, { scopes: ['a:b'], description: 'of a test' }),
  route('DELETE', () => '/admin/roles/matrix', 204),
  route('GET', () => '/admin/audit', 200),
  route('GET', () => '/admin/keys', 200),
  route('GET', () => '/admin/erasures', 200),
  route('GET', () => '/admin/clients', 200),
  route('GET', () => '/admin/clients/matrix', 200),
  route('POST', (id) => `/admin/clients/of-${id}`, 201, { grants: GRANTS }),
  route('PATCH', () => '/admin/clients/matrix', 200, { rotate_secret: 'now', grants: GRANTS }),
  route('DELETE', () => '/admin/clients/matrix', 204),
];

/** Who asks, and what the answer is: to a question and to a change. */
const CALLERS = {
  nobody: [401, 401],
  'a user': [403, 403],
  'a user with another role': [403, 403],
  'an administrator with an old login': [undefined, 401],
  'a disabled administrator': [401, 401],
  'a client': [403, 403],
  'a client on behalf of an administrator': [403, 403],
  'an administrator': [undefined, undefined],
} as const;

describe('administration', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let root: Person;
  let admin: AdminApi;
  const tokens = new Map<string, string | undefined>();
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start();
    root = await administrator(replicas, auth);
    admin = new AdminApi(auth, root.access_token);
    await admin.setRole('support', 'tasks:read');
    await admin.change('POST', '/clients/matrix', { grants: GRANTS });
    tokens.set('nobody', undefined);
    tokens.set('a user', (await person(auth)).access_token);
    tokens.set('a user with another role', await tokenOf(await withRoles('support')));
    tokens.set('an administrator', root.access_token);
    tokens.set('an administrator with an old login', await oldLogin(await withRoles('admin')));
    const disabled = await withRoles('admin');
    tokens.set('a disabled administrator', await tokenOf(disabled));
    await admin.change('PATCH', `/users/${disabled.id}`, { disabled: true });
    // auth issues no token of a client for its own routes: these are forged with its secret.
    const { JWT_SECRET } = replicas.secrets;
    const reports = { client_id: 'reports', roles: ['admin'] };
    const own = await forge(JWT_SECRET, { ...reports, sub: 'reports', sid: undefined });
    tokens.set('a client', own);
    const delegated = await likeLogin(JWT_SECRET, root.access_token, { ...reports, act: { sub: 'reports' } });
    tokens.set('a client on behalf of an administrator', delegated);
  });
  afterAll(() => replicas.end());

  async function withRoles(...roles: string[]): Promise<Person> {
    const somebody = await person(auth);
    await admin.setRolesOf(somebody, ...roles);
    return somebody;
  }
  const tokenOf = async ({ refresh_token }: Person) => (await refresh(auth, refresh_token)).access_token;
  async function oldLogin(somebody: Person): Promise<string> {
    await replicas.query(
      `update sessions set created_at = created_at - interval '16 minutes' where user_id = $1`,
      [somebody.id],
    );
    return tokenOf(somebody);
  }
  const call = ({ method, path, body }: Route, id: string, token: string | undefined): Promise<Answer> =>
    request(method, auth.url + path(id), { token, ...(body !== undefined && { body }) });
  /** Everything that an attack could have changed. */
  const state = async () =>
    JSON.stringify(
      await Promise.all(
        [
          'select id, email, password_hash, email_verified, disabled_at from users order by id',
          'select * from user_roles order by user_id, role',
          'select name, scopes, description from roles order by name',
          'select id from sessions order by id',
          'select id, kind from mails order by id',
          'select * from clients order by id',
        ].map((query) => replicas.query(query)),
      ),
    );
  /** {@link state} when no mail is on its way: those leave by themselves. */
  const settledState = async () => {
    await eventually(async () => (await replicas.query('select id from mails')).length === 0);
    return state();
  };

  describe.each(Object.entries(CALLERS))('asked by %s', (caller, [ofQuestion, ofChange]) => {
    it.each(ROUTES.map((each) => [`${each.method} ${each.path(':id')}`, each] as const))(
      '%s answers as it should, and changes nothing where it refuses',
      async (_name, each) => {
        const refusal = each.isChange ? ofChange : ofQuestion;
        const target = await person(auth);
        if (refusal === undefined && each.path('') === '/admin/roles/matrix')
          await admin.setRole('matrix', 'x:y');
        const before = refusal === undefined ? '' : await settledState();
        const { status, body, headers } = await call(each, target.id, tokens.get(caller));
        expect([status, refusal === undefined ? undefined : typeof body['code']]).toEqual([
          refusal ?? each.status,
          refusal === undefined ? undefined : 'string',
        ]);
        if (refusal === undefined) return;
        expect(await state()).toBe(before);
        if (caller !== 'an administrator with an old login') return;
        expect(body['code']).toBe('REAUTHENTICATION_REQUIRED');
        expect(headers.get('www-authenticate')).toBe(
          'Bearer error="insufficient_user_authentication", max_age=900',
        );
      },
    );
  });

  it('shows no hash, whatever is asked', async () => {
    const answers = await Promise.all(
      ROUTES.filter(({ isChange }) => !isChange).map((each) => call(each, root.id, root.access_token)),
    );
    for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(/argon2|password_?hash/i);
  });

  describe('is not to be had by', () => {
    it.each<[string, string, (id: string) => string, unknown, number]>([
      [
        'a role that is a property of every object',
        'PUT',
        (id) => `/users/${id}/roles`,
        { roles: ['__proto__'] },
        400,
      ],
      ['a role named constructor', 'PUT', (id) => `/users/${id}/roles`, { roles: ['constructor'] }, 400],
      ['a role in another case', 'PUT', (id) => `/users/${id}/roles`, { roles: ['Admin'] }, 400],
      ['a role that looks like another', 'PUT', (id) => `/users/${id}/roles`, { roles: ['аdmin'] }, 400],
      ['a role with a space', 'PUT', (id) => `/users/${id}/roles`, { roles: ['admin '] }, 400],
      ['roles that are no list', 'PUT', (id) => `/users/${id}/roles`, { roles: 'admin' }, 400],
      ['roles within a list', 'PUT', (id) => `/users/${id}/roles`, { roles: [['admin']] }, 400],
      ['too many roles', 'PUT', (id) => `/users/${id}/roles`, { roles: Array(33).fill('support') }, 400],
      ['defining a look-alike', 'PUT', () => `/roles/${encodeURIComponent('аdmin')}`, { scopes: [] }, 400],
      ['defining one in capitals', 'PUT', () => '/roles/ADMIN', { scopes: [] }, 400],
      ['defining __proto__', 'PUT', () => '/roles/__proto__', { scopes: [] }, 400],
      ['a scope with a quote', 'PUT', () => '/roles/quoted', { scopes: ['a"b'] }, 400],
      ['a scope with a space', 'PUT', () => '/roles/spaced', { scopes: ['a b'] }, 400],
      ['a scope with a line break', 'PUT', () => '/roles/broken', { scopes: ['a\nb'] }, 400],
      [
        'mass assignment to a user',
        'PATCH',
        (id) => `/users/${id}`,
        { disabled: false, roles: ['admin'] },
        400,
      ],
      ['a disabled that is text', 'PATCH', (id) => `/users/${id}`, { disabled: 'false' }, 400],
      ['mass assignment to a role', 'PUT', () => '/roles/assigned', { scopes: [], name: 'admin' }, 400],
      ['removing the role admin', 'DELETE', () => '/roles/admin', undefined, 409],
      ['a role that is not there', 'DELETE', () => '/roles/not-there', undefined, 404],
      ['an id that is none', 'GET', () => '/users/none', undefined, 404],
      ['an id with NUL', 'GET', () => '/users/%00', undefined, 404],
      ['the id of nobody', 'PUT', () => `/users/${NOBODY}/roles`, { roles: [] }, 404],
      ['a cursor of another list', 'GET', () => '/users?query=person&cursor=AAAA', undefined, 400],
      ['a cursor that is none', 'GET', () => '/users?cursor=x', undefined, 400],
      ['a query with NUL', 'GET', () => '/users?query=%00', undefined, 400],
      ['a limit of a million', 'GET', () => '/users?limit=1000000', undefined, 400],
    ])('%s', async (_name, method, path, body, status) => {
      const { id } = await person(auth);
      const before = await settledState();
      const answer = await admin.call(method, path(id), body);
      expect([answer.status, typeof answer.body['code']]).toEqual([status, 'string']);
      expect(await state()).toBe(before);
    });

    it('a user who writes their own roles anywhere', async () => {
      const somebody = await person(auth);
      const before = await settledState();
      for (const [method, path, body] of [
        ['PUT', `/admin/users/${somebody.id}/roles`, { roles: ['admin'] }],
        [
          'POST',
          '/auth/register',
          { email: 'a@example.com', password: 'a long and quiet evening', roles: ['admin'] },
        ],
        [
          'POST',
          '/auth/refresh',
          { refresh_token: somebody.refresh_token, scope: 'admin', roles: ['admin'] },
        ],
      ] as const) {
        const { status } = await request(method, auth.url + path, { token: somebody.access_token, body });
        expect(status).toBeGreaterThanOrEqual(400);
      }
      expect(await state()).toBe(before);
    });

    it('an administrator of a second ago', async () => {
      const somebody = await withRoles('admin');
      const token = await tokenOf(somebody);
      await admin.setRolesOf(somebody);
      const { status, body } = await request('GET', `${auth.url}/admin/users`, { token });
      expect([status, body['code']]).toEqual([401, 'TOKEN_STALE']);
    });
  });

  /** Takes the role from every other administrator. */
  async function leaveRootAlone(): Promise<void> {
    const others = await replicas.query<{ id: string }>(
      `select user_id as id from user_roles where role = 'admin' and user_id <> $1`,
      [root.id],
    );
    for (const other of others) await admin.setRolesOf(other);
  }
  async function expectRootToStay(): Promise<void> {
    for (const [method, path, body] of [
      ['PUT', `/users/${root.id}/roles`, { roles: [] }],
      ['PATCH', `/users/${root.id}`, { disabled: true }],
      ['DELETE', `/users/${root.id}`, undefined],
    ] as const) {
      const { status, body: problem } = await admin.call(method, path, body);
      expect([status, problem['code']]).toEqual([409, 'LAST_ADMINISTRATOR']);
    }
  }

  it('keeps the last administrator, also when two take the role away from each other, or delete themselves', async () => {
    await leaveRootAlone();
    await expectRootToStay();
    const own = await request('DELETE', `${auth.url}/auth/me`, {
      token: root.access_token,
      body: { password: 'a long and quiet evening' },
    });
    expect([own.status, own.body['code']]).toEqual([409, 'LAST_ADMINISTRATOR']);
    const second = await withRoles('admin');
    const second_api = new AdminApi(auth, await tokenOf(second));
    const answers = await Promise.all([
      admin.call('PUT', `/users/${second.id}/roles`, { roles: [] }),
      second_api.call('PUT', `/users/${root.id}/roles`, { roles: [] }),
    ]);
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    const left = await replicas.query(`select 1 from user_roles where role = 'admin'`);
    expect(left.length).toBeGreaterThanOrEqual(1);
    await replicas.query(
      `insert into user_roles (user_id, role) values ($1, 'admin') on conflict do nothing`,
      [root.id],
    );
    const { refresh_token } = root;
    const tokensNow = await refresh(auth, refresh_token);
    root = { ...root, ...tokensNow };
    admin = new AdminApi(auth, root.access_token);
  });

  it('does not count someone invited who has not answered as an administrator who is left', async () => {
    await leaveRootAlone();
    const typo = { email: 'nobody-reads@example.com', roles: ['admin'] };
    const { id: invited } = await admin.change('POST', '/users', typo);
    await expectRootToStay();
    await replicas.query('update users set email_verified = true where id = $1', [invited]);
    expect((await admin.call('PUT', `/users/${root.id}/roles`, { roles: [] })).status).toBe(200);
    await replicas.query(`update user_roles set user_id = $1 where user_id = $2`, [root.id, invited]);
    root = { ...root, ...(await refresh(auth, root.refresh_token)) };
    admin = new AdminApi(auth, root.access_token);
  });

  it('records who did what to whom', async () => {
    const somebody = await withRoles('support');
    await admin.change('PATCH', `/users/${somebody.id}`, { disabled: true });
    await admin.change('PATCH', `/users/${somebody.id}`, { disabled: true });
    const { body } = await admin.call<{ events: Record<string, unknown>[] }>(
      'GET',
      `/audit?user=${somebody.id}`,
    );
    const changes = body.events.filter(({ doer }) => doer !== null);
    expect(changes.map(({ event, doer, subject, ip }) => [event, doer, subject, ip])).toEqual([
      ['account_disabled', root.id, null, '127.0.0.1'],
      ['user_roles_changed', root.id, 'support', '127.0.0.1'],
    ]);
    const byOperator = await admin.call<{ events: { doer: string }[] }>(
      'GET',
      '/audit?event=user_roles_changed&limit=100',
    );
    expect(byOperator.body.events.map(({ doer }) => doer)).toContain('operator');
  });

  it('finds users by the beginning of an address, by id, role and state, page by page', async () => {
    const names = ['ab-1', 'ab-2', 'ab-3', 'ab%', 'abc', 'ac'];
    await replicas.query(
      `insert into users (email, password_hash, disabled_at)
        select name || '@find.example', '', case when name = 'ab-2' then now() end from unnest($1::text[]) name`,
      [names],
    );
    await replicas.query(
      `insert into user_roles (user_id, role) select id, 'support' from users where email like 'ab-%@find.example'`,
    );
    const pages = async (query: string): Promise<string[]> => {
      const found: string[] = [];
      for (let cursor = ''; ;) {
        const { body } = await admin.call<{ users: { email: string }[]; next_cursor: string | null }>(
          'GET',
          `/users?limit=2&${query}${cursor}`,
        );
        found.push(...body.users.map(({ email }) => email.replace('@find.example', '')));
        if (body.next_cursor === null) return found;
        cursor = `&cursor=${body.next_cursor}`;
      }
    };
    expect(await pages('query=ab')).toEqual(['ab%', 'ab-1', 'ab-2', 'ab-3', 'abc']);
    expect(await pages('query=AB-')).toEqual(['ab-1', 'ab-2', 'ab-3']);
    expect(await pages(`query=${encodeURIComponent('ab%')}`)).toEqual(['ab%']);
    expect(await pages('query=ab&disabled=true')).toEqual(['ab-2']);
    expect(await pages('query=ab&disabled=false&role=support')).toEqual(['ab-1', 'ab-3']);
    expect((await pages('role=support')).filter((name) => name.startsWith('ab-')).toSorted()).toEqual([
      'ab-1',
      'ab-2',
      'ab-3',
    ]);
    expect(await pages('disabled=true&role=support')).toContain('ab-2');
    const [{ id } = { id: '' }] = await replicas.query<{ id: string }>(
      `select id from users where email = 'ac@find.example'`,
    );
    expect(await pages(`query=${id}`)).toEqual(['ac']);
    const all = await pages('');
    const [{ count } = { count: 0 }] = await replicas.query<{ count: number }>(
      'select count(*)::int as count from users',
    );
    expect([all.length, new Set(all).size]).toEqual([count, count]);
  });

  it('disables a user: a login is answered as for a wrong password, and what they had is refused', async () => {
    const somebody = await person(auth);
    await admin.change('PATCH', `/users/${somebody.id}`, { disabled: true });
    const logIn = (password: string) =>
      request('POST', `${auth.url}/auth/login`, { body: { email: somebody.email, password } });
    const [right, wrong] = [await logIn('a long and quiet evening'), await logIn('another long evening')];
    expect([right.status, right.body]).toEqual([wrong.status, wrong.body]);
    const { access_token, refresh_token } = somebody;
    expect((await request('GET', `${auth.url}/auth/me`, { token: access_token })).status).toBe(401);
    expect((await request('POST', `${auth.url}/auth/refresh`, { body: { refresh_token } })).status).toBe(401);
    await admin.change('PATCH', `/users/${somebody.id}`, { disabled: false });
    expect((await logIn('a long and quiet evening')).status).toBe(200);
    await eventually(
      async () => (await request('GET', `${auth.url}/auth/me`, { token: access_token })).status === 401,
    );
  });
});
