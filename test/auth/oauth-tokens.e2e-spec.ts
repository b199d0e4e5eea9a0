import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from '../support/http.js';
import { readMetrics } from '../support/metrics.js';
import {
  ACCESS_TOKEN,
  addClient,
  basic,
  clientCredentials,
  exchange,
  likeLogin,
  postForm,
  TOKEN_EXCHANGE,
  type RegisteredClient,
} from '../support/oauth.js';
import { operateJson } from '../support/operator.js';
import type { Environment, RunningService } from '../support/service.js';
import {
  eventually,
  AuthReplicas,
  beginSession,
  claimsOf,
  newPerson,
  type Tokens,
} from '../support/sessions.js';

const GRANTS = '--audience business --scope tasks:read --scope stats --audience mail --scope send';

describe('tokens for services', () => {
  let replicas: AuthReplicas;
  let environment: Environment;
  let auth: RunningService;
  let reports: RegisteredClient;
  let worker: RegisteredClient;
  let user: Tokens;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start();
    environment = replicas.environment;
    reports = await addClient('reports', `${GRANTS} --on-behalf-of-users`, environment);
    worker = await addClient('worker', '--audience business --scope tasks:read', environment);
    user = await beginSession(auth, await newPerson(auth));
  });
  afterAll(() => replicas.end());

  const token = (form: Record<string, string> | string, headers: Record<string, string> = basic(reports)) =>
    postForm(`${auth.url}/oauth/token`, form, headers);
  const withScope = (scope: string, changes = {}) =>
    likeLogin(replicas.secrets.JWT_SECRET, user.access_token, { scope, ...changes });

  describe('client_credentials', () => {
    it('makes the client the subject, at one audience, without a session', async () => {
      const { status, headers, body } = await clientCredentials(auth, reports, { audience: 'business' });
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'tasks:read stats' });
      const claims = claimsOf(body.access_token);
      expect(claims).toMatchObject({
        iss: 'http://localhost:3000',
        sub: 'reports',
        client_id: 'reports',
        aud: 'business',
        scope: 'tasks:read stats',
        exp: Number(claims['iat']) + 300,
      });
      for (const name of ['sid', 'act', 'auth_time', 'roles']) expect(claims).not.toHaveProperty(name);
    });

    it('gives the scopes that were asked for, once each', async () => {
      const { body } = await clientCredentials(auth, reports, {
        audience: 'business',
        scope: 'stats  stats',
      });
      expect(body.scope).toBe('stats');
      expect(claimsOf(body.access_token)['scope']).toBe('stats');
    });

    it.each([
      ['a scope of another audience', { audience: 'business', scope: 'stats send' }, 'invalid_scope'],
      ['a scope that it was not granted', { audience: 'business', scope: 'tasks:write' }, 'invalid_scope'],
      ['what is no scope', { audience: 'business', scope: 'a"b' }, 'invalid_scope'],
      ['another audience', { audience: 'payments' }, 'invalid_target'],
      ["auth's own audience", { audience: 'auth' }, 'invalid_target'],
      ['the audience of a login', { audience: 'signet' }, 'invalid_target'],
      ['two audiences in one', { audience: 'business mail' }, 'invalid_target'],
      ['a resource', { audience: 'business', resource: 'https://business.example' }, 'invalid_target'],
      ['no audience', {}, 'invalid_request'],
    ])('refuses %s', async (_, form, error) => {
      const { status, headers, body } = await clientCredentials(auth, reports, form);
      expect({ status, error: body.error }).toEqual({ status: 400, error });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-type')).toContain('application/json');
    });
  });

  describe('a token request', () => {
    const grant = { grant_type: 'client_credentials', audience: 'business' };

    it.each([
      ['without a grant type', { audience: 'business' }, 'invalid_request'],
      ['for passwords', { grant_type: 'password', username: 'a', password: 'b' }, 'unsupported_grant_type'],
      ['for a code', { grant_type: 'authorization_code', code: 'x' }, 'unsupported_grant_type'],
      [
        'with a parameter twice',
        'grant_type=client_credentials&audience=business&audience=mail',
        'invalid_request',
      ],
    ])('%s is refused', async (_, form, error) => {
      const { status, body } = await token(form);
      expect({ status, error: body.error }).toEqual({ status: 400, error });
    });

    it('is a form: JSON is refused here, and a form everywhere else', async () => {
      const json = await request<{ error: string }>('POST', `${auth.url}/oauth/token`, { body: grant });
      expect(json).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      const form = await postForm(`${auth.url}/auth/login`, { email: 'a@example.com', password: 'x' });
      expect(form).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    });

    it('ignores parameters that mean nothing, such as a forged act', async () => {
      const forged = { ...grant, act: '{"sub":"admin"}', sub: 'someone', client_id: 'reports', sid: 'x' };
      const { status, body } = await token(forged);
      expect(status).toBe(200);
      expect(claimsOf(body.access_token)).toMatchObject({ sub: 'reports' });
      expect(claimsOf(body.access_token)).not.toHaveProperty('act');
    });
  });

  describe('token exchange', () => {
    it("keeps the user's sub and session, names the client in act, and ends when the user's token does", async () => {
      const subject = claimsOf(user.access_token);
      const { status, headers, body } = await exchange(auth, reports, user.access_token, {
        audience: 'business',
      });
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toMatchObject({ token_type: 'Bearer', issued_token_type: ACCESS_TOKEN });
      const claims = claimsOf(body.access_token);
      expect(claims).toMatchObject({
        sub: subject.sub,
        sid: subject.sid,
        aud: 'business',
        client_id: 'reports',
        act: { sub: 'reports' },
      });
      expect(claims['exp']).toBeLessThanOrEqual(Number(subject['exp']));
      expect(body.expires_in).toBe(Number(claims['exp']) - Number(claims['iat']));
      expect(claims['jti']).not.toBe(subject['jti']);
    });

    it('allows no more than the user and the grant of the client do', async () => {
      const subject = await withScope('tasks:read tasks:write');
      const { body } = await exchange(auth, reports, subject, { audience: 'business' });
      expect(body.scope).toBe('tasks:read');
      expect(claimsOf(body.access_token)['scope']).toBe('tasks:read');
      const asked = await exchange(auth, reports, subject, {
        audience: 'business',
        scope: 'tasks:read stats',
      });
      expect(asked.body.scope).toBe('tasks:read');
    });

    it.each([
      ['a scope of the user that the client was not granted', 'tasks:write'],
      ['a scope of the client that the user does not have', 'stats'],
    ])('refuses to give %s', async (_, scope) => {
      const subject = await withScope('tasks:read tasks:write');
      const { status, body } = await exchange(auth, reports, subject, { audience: 'business', scope });
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_scope' });
    });

    it('is refused to a client that may not act for users', async () => {
      const { status, body } = await exchange(auth, worker, user.access_token, { audience: 'business' });
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'unauthorized_client' });
    });

    it.each([
      ['without a subject token', { subject_token: '' }, 'invalid_request'],
      [
        'of a refresh token',
        { subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
        'invalid_request',
      ],
      ['without its type', { subject_token_type: '' }, 'invalid_request'],
      [
        'for an ID token',
        { requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
        'invalid_request',
      ],
      ['with an actor token', { actor_token: 'x', actor_token_type: ACCESS_TOKEN }, 'invalid_request'],
      ['for another audience', { audience: 'payments' }, 'invalid_target'],
      ['for auth itself', { audience: 'auth' }, 'invalid_target'],
      ['of what is no token', { subject_token: 'x.y.z' }, 'invalid_grant'],
    ])('%s is refused', async (_, changes, error) => {
      const { status, body } = await token({
        grant_type: TOKEN_EXCHANGE,
        subject_token: user.access_token,
        subject_token_type: ACCESS_TOKEN,
        audience: 'business',
        ...changes,
      });
      expect({ status, error: body.error }).toEqual({ status: 400, error });
    });

    it("refuses a client's own token: there is no user to act for", async () => {
      const own = (await clientCredentials(auth, reports, { audience: 'business' })).body.access_token;
      const { body } = await exchange(auth, reports, own, { audience: 'business' });
      expect(body.error).toBe('invalid_grant');
    });

    it('refuses a token of another issuer, with another secret, or that has expired', async () => {
      const now = Math.floor(Date.now() / 1000);
      const subjects = [
        await withScope('', { iss: 'http://evil.example' }),
        await likeLogin('another secret of thirty-two bytes!', user.access_token, {}),
        await withScope('', { iat: now - 600, exp: now - 300 }),
      ];
      for (const subject of subjects) {
        const { body } = await exchange(auth, reports, subject, { audience: 'business' });
        expect(body.error).toBe('invalid_grant');
      }
    });

    it('refuses a token of a session that is over, also one that the session never had', async () => {
      const gone = await beginSession(auth, await newPerson(auth));
      await request('POST', `${auth.url}/auth/logout`, { token: gone.access_token });
      const moved = await withScope('', { sid: claimsOf(gone.access_token).sid });
      for (const subject of [gone.access_token, moved]) {
        const { body } = await exchange(auth, reports, subject, { audience: 'business' });
        expect(body.error).toBe('invalid_grant');
      }
    });

    it('does not lead from one service to another: a token for mail is no good to get one for business', async () => {
      const forMail = (await exchange(auth, reports, user.access_token, { audience: 'mail' })).body
        .access_token;
      const thief = await addClient(
        'thief',
        '--audience business --audience mail --on-behalf-of-users',
        environment,
      );
      expect((await exchange(auth, thief, forMail, { audience: 'business' })).body.error).toBe(
        'invalid_grant',
      );
      const restricted = await withScope('', { aud: 'mail' });
      expect((await exchange(auth, thief, restricted, { audience: 'business' })).body.error).toBe(
        'invalid_grant',
      );
    });
  });

  it('a chain of four services is passed on, a fifth is refused', async () => {
    const names = ['hop-one', 'hop-two', 'hop-three', 'hop-four', 'hop-five'];
    const hops: RegisteredClient[] = [];
    for (const [index, name] of names.entries())
      hops.push(
        await addClient(name, `--audience ${names[index + 1] ?? 'end'} --on-behalf-of-users`, environment),
      );
    let subject = user.access_token;
    for (const [index, hop] of hops.slice(0, 4).entries()) {
      const { status, body } = await exchange(auth, hop, subject, { audience: names[index + 1]! });
      expect(status).toBe(200);
      subject = body.access_token;
    }
    const { act, sid } = claimsOf(subject);
    expect(sid).toBe(claimsOf(user.access_token).sid);
    expect(act).toEqual({
      sub: 'hop-four',
      act: { sub: 'hop-three', act: { sub: 'hop-two', act: { sub: 'hop-one' } } },
    });
    const { status, body } = await exchange(auth, hops[4]!, subject, { audience: 'end' });
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('a chain ends with any of its clients, and does not come back when that is enabled again', async () => {
    const first = await addClient('first', '--audience second --on-behalf-of-users', environment);
    const second = await addClient('second', '--audience business --on-behalf-of-users', environment);
    const one = (await exchange(auth, first, user.access_token, { audience: 'second' })).body.access_token;
    expect((await exchange(auth, second, one, { audience: 'business' })).status).toBe(200);
    await operateJson(['clients', 'disable', 'first'], environment);
    expect((await exchange(auth, second, one, { audience: 'business' })).body.error).toBe('invalid_grant');
    await operateJson(['clients', 'enable', 'first'], environment);
    expect((await exchange(auth, second, one, { audience: 'business' })).body.error).toBe('invalid_grant');
    const again = await exchange(auth, first, user.access_token, { audience: 'second' });
    expect(again.status).toBe(200);
    expect((await exchange(auth, second, again.body.access_token, { audience: 'business' })).status).toBe(
      200,
    );
  });

  describe('a request that is under way while its client is changed', () => {
    /** Has the client's row locked, until a change waits for it and a request behind that. */
    async function duringChange<T>(
      change: () => Promise<unknown>,
      ask: () => Promise<T>,
      id: string,
    ): Promise<T> {
      const connection = await replicas.connect();
      const waiting = async () =>
        (
          await replicas.query(
            `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
        ).length;
      await connection.query('begin');
      await connection.query('select from clients where id = $1 for update', [id]);
      const changed = change();
      await eventually(async () => (await waiting()) === 1);
      const answer = ask();
      await eventually(async () => (await waiting()) === 2);
      await connection.query('commit');
      await connection.end();
      await changed;
      return answer;
    }
    const narrow = async (id: string) => {
      const claims = { roles: ['admin'], auth_time: Math.floor(Date.now() / 1000) };
      const admin = await likeLogin(replicas.secrets.JWT_SECRET, user.access_token, claims);
      const body = { grants: [{ audience: 'business', scopes: ['tasks:read'] }] };
      return request('PATCH', `${auth.url}/admin/clients/${id}`, { token: admin, body });
    };

    const refusals = [
      { read: 'just now', isKnown: false, own: 'invalid_client', ofUser: 'invalid_grant' },
      { read: 'for an earlier request', isKnown: true, own: 'invalid_scope', ofUser: 'invalid_scope' },
    ];

    it.each(refusals)('gets no token that allows what the client, read $read, loses', async (row) => {
      const id = `narrowed-${row.isKnown}`;
      const client = await addClient(id, GRANTS, environment);
      const ask = (scope: string) => clientCredentials(auth, client, { audience: 'business', scope });
      if (row.isKnown) expect((await ask('stats')).status).toBe(200);
      const late = await duringChange(
        () => narrow(id),
        () => ask('stats'),
        id,
      );
      expect(late.body.error).toBe(row.own);
      expect((await ask('tasks:read')).status).toBe(200);
    });

    it.each(refusals)(
      'gets no token for a user that allows what the client, read $read, loses',
      async (row) => {
        const id = `narrowed-for-users-${row.isKnown}`;
        const client = await addClient(id, `${GRANTS} --on-behalf-of-users`, environment);
        const subject = await withScope('stats tasks:read');
        const ask = () => exchange(auth, client, subject, { audience: 'business', scope: 'stats' });
        if (row.isKnown) expect((await ask()).status).toBe(200);
        const late = await duringChange(() => narrow(id), ask, id);
        expect(late.body.error).toBe(row.ofUser);
      },
    );

    it('gets no token by a secret that is revoked', async () => {
      const stolen = await addClient('stolen', GRANTS, environment);
      let rotated: RegisteredClient | undefined;
      const late = await duringChange(
        async () => {
          rotated = await operateJson(['clients', 'rotate-secret', 'stolen', '--now'], environment);
        },
        () => clientCredentials(auth, stolen, { audience: 'business' }),
        'stolen',
      );
      expect(late).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
      const renewed = { ...stolen, client_secret: rotated?.client_secret ?? '' };
      expect((await clientCredentials(auth, renewed, { audience: 'business' })).status).toBe(200);
    });
  });

  describe('a client that has just got a token', () => {
    const admin = async () =>
      likeLogin(replicas.secrets.JWT_SECRET, user.access_token, {
        roles: ['admin'],
        auth_time: Math.floor(Date.now() / 1000),
      });
    const change = async (id: string, body: object) =>
      request('PATCH', `${auth.url}/admin/clients/${id}`, { token: await admin(), body });

    it('gets at once, also without asking for it, what it may do more', async () => {
      const client = await addClient('growing', '--audience business --scope tasks:read', environment);
      const ask = (form: Record<string, string>) => clientCredentials(auth, client, form);
      expect((await ask({ audience: 'business' })).body.scope).toBe('tasks:read');
      expect((await ask({ audience: 'mail' })).body.error).toBe('invalid_target');
      expect((await exchange(auth, client, user.access_token, { audience: 'business' })).body.error).toBe(
        'unauthorized_client',
      );
      const grants = [
        { audience: 'business', scopes: ['tasks:read', 'stats'] },
        { audience: 'mail', scopes: [] },
      ];
      expect((await change('growing', { grants, on_behalf_of_users: true })).status).toBe(200);
      expect((await ask({ audience: 'business' })).body.scope).toBe('tasks:read stats');
      expect((await ask({ audience: 'mail' })).status).toBe(200);
      const subject = await withScope('stats tasks:read');
      expect((await exchange(auth, client, subject, { audience: 'business' })).status).toBe(200);
    });

    it('gets none any more by a secret whose time is over, nor when another client has its name', async () => {
      const client = await addClient('aging', '--audience business', environment);
      const ask = () => clientCredentials(auth, client, { audience: 'business' });
      expect((await ask()).status).toBe(200);
      await operateJson(['clients', 'rotate-secret', 'aging'], environment);
      expect((await ask()).status).toBe(200);
      await replicas.query(`update clients set previous_secret_until = now() where id = 'aging'`);
      expect(await ask()).toMatchObject({ status: 401, body: { error: 'invalid_client' } });

      const [removed] = await replicas.query(`delete from clients where id = 'aging' returning secret_hash`);
      const another = await addClient('aging', '--audience business', environment);
      expect(removed).toBeDefined();
      expect((await clientCredentials(auth, another, { audience: 'business' })).status).toBe(200);
      // With the same secret it is another client all the same, and may have lost what the first one could do.
      await replicas.query(`update clients set created_at = now(), grants = '[]' where id = 'aging'`);
      expect((await clientCredentials(auth, another, { audience: 'business' })).body.error).toBe(
        'invalid_target',
      );
    });

    it('counts as let in each time, and a refusal once', async () => {
      const client = await addClient('counted', '--audience business', environment);
      const ask = (scope = {}) => clientCredentials(auth, client, { audience: 'business', ...scope });
      const counts = async () => {
        const metrics = await readMetrics(auth);
        const issued = (outcome: string) =>
          metrics.get(`oauth_tokens_total{grant="client_credentials",outcome="${outcome}"}`) ?? 0;
        const ok = metrics.get('client_authentications_total{outcome="ok"}') ?? 0;
        return [ok, issued('issued'), issued('refused')];
      };
      expect((await ask()).status).toBe(200);
      const before = await counts();
      expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
      expect((await ask({ scope: 'unknown' })).body.error).toBe('invalid_scope');
      const more = (await counts()).map((count, index) => count - before[index]!);
      expect(more).toEqual([3, 2, 1]);
    });

    it('gets none when it is disabled, and may again when it is enabled', async () => {
      const client = await addClient('paused', '--audience business', environment);
      const ask = () => clientCredentials(auth, client, { audience: 'business' });
      expect((await ask()).status).toBe(200);
      expect((await change('paused', { disabled: true })).status).toBe(200);
      expect((await ask()).body.error).toBe('invalid_client');
      // What is wrong with a request is told to clients that are let in.
      const wrong = await token({ grant_type: 'password' }, basic(client));
      expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
      expect((await change('paused', { disabled: false })).status).toBe(200);
      expect((await ask()).status).toBe(200);
    });
  });

  it('exchanges of clients that act for each other in a circle do not wait for each other', async () => {
    const [a, b] = await Promise.all(
      ['ring-a', 'ring-b'].map((id) =>
        addClient(id, '--audience ring-a --audience ring-b --on-behalf-of-users', environment),
      ),
    );
    const toB = (await exchange(auth, a!, user.access_token, { audience: 'ring-b' })).body.access_token;
    const toA = (await exchange(auth, b!, user.access_token, { audience: 'ring-a' })).body.access_token;
    const all = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0
        ? exchange(auth, b!, toB, { audience: 'ring-a' })
        : exchange(auth, a!, toA, { audience: 'ring-b' }),
    );
    expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([200]));
  });
});
