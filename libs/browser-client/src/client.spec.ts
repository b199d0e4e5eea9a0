import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from './client.js';
import { SignetError } from './signet-error.js';
import { PASSWORD, problem, SmallAuth } from './spec-support/small-auth.js';

const CREDENTIALS = { email: 'ada@example.com', password: PASSWORD };

describe('createClient', () => {
  let auth: SmallAuth;
  beforeEach(async () => {
    auth = await new SmallAuth().open();
  });
  afterEach(() => auth.close());

  async function loggedIn(options: object = {}) {
    const client = createClient({ authUrl: auth.url, ...options });
    await client.login(CREDENTIALS);
    return client;
  }

  it('knows who is logged in, tells of it, and forgets at logout', async () => {
    const client = createClient({ authUrl: `${auth.url}/` });
    const heard: (string | undefined)[] = [];
    client.onChange((user) => heard.push(user?.email));
    expect(await client.user()).toBeUndefined();
    expect(await client.login(CREDENTIALS)).toMatchObject({ email: 'ada@example.com' });
    expect(await client.user()).toMatchObject({ user_id: '0198' });
    await client.logout();
    expect(await client.user()).toBeUndefined();
    const { status } = await client.fetch(`${auth.url}/tasks`);
    expect([status, auth.isLoggedIn, heard]).toEqual([401, false, ['ada@example.com', undefined]]);
  });

  it('throws what auth answers, by its code', async () => {
    const client = createClient({ authUrl: auth.url });
    const failure = await client
      .login({ ...CREDENTIALS, password: 'wrong' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SignetError);
    expect(failure).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS', errors: [] });
    auth.next.set('POST /auth/login', [problem(429, 'TOO_MANY_REQUESTS', { 'retry-after': '30' })]);
    await expect(client.login(CREDENTIALS)).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      retryAfter: 30,
    });
  });

  it('renews a token that is about to end once, however many requests want it', async () => {
    auth.lifetime = 0;
    const client = await loggedIn();
    auth.lifetime = 300;
    const before = auth.count('POST /auth/refresh');
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => client.fetch(`${auth.url}/tasks`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(auth.count('POST /auth/refresh') - before).toBe(1);
  });

  it.each(['TOKEN_STALE', 'TOKEN_EXPIRED', 'INVALID_TOKEN'])(
    'sends a request once more after 401 %s',
    async (code) => {
      const client = await loggedIn();
      auth.refused.set(auth.lastToken, code);
      const answer = await client.fetch(`${auth.url}/tasks`, { method: 'POST', body: '{"title":"Seal"}' });
      expect(answer.status).toBe(200);
      expect([auth.count('POST /tasks'), auth.count('POST /auth/refresh')]).toEqual([2, 1]);
    },
  );

  it('does not go on and on when the new token is refused too', async () => {
    const client = await loggedIn();
    auth.next.set('GET /tasks', [problem(401, 'TOKEN_STALE'), problem(401, 'TOKEN_STALE')]);
    expect((await client.fetch(`${auth.url}/tasks`)).status).toBe(401);
    expect(auth.count('GET /tasks')).toBe(2);
  });

  it.each([
    ['INVALID_CREDENTIALS', {}],
    ['REAUTHENTICATION_REQUIRED', { 'www-authenticate': 'Bearer error="insufficient_user_authentication"' }],
  ])('hands on 401 %s: a new token is no help', async (code, headers) => {
    const client = await loggedIn();
    auth.next.set('POST /auth/password', [problem(401, code, headers)]);
    const answer = await client.fetch(`${auth.url}/auth/password`, { method: 'POST' });
    expect(await answer.json()).toMatchObject({ code });
    expect([auth.count('POST /auth/password'), auth.count('POST /auth/refresh')]).toEqual([1, 0]);
  });

  it('is logged out when auth says that the session is over, and tells', async () => {
    const client = await loggedIn();
    const heard: unknown[] = [];
    client.onChange((user) => heard.push(user));
    auth.refused.set(auth.lastToken, 'INVALID_TOKEN');
    auth.isLoggedIn = false;
    expect((await client.fetch(`${auth.url}/tasks`)).status).toBe(401);
    expect([heard, await client.user()]).toEqual([[undefined], undefined]);
  });

  it('stays logged in while auth is away, and goes on when it is back', async () => {
    auth.lifetime = 0;
    const client = await loggedIn();
    const { url } = auth;
    await auth.close();
    await expect(client.fetch(`${url}/tasks`)).rejects.toMatchObject({ code: 'NETWORK_ERROR', status: 0 });
    await auth.open(Number(new URL(url).port));
    expect((await client.fetch(`${url}/tasks`)).status).toBe(200);
  });

  it('waits as a 503 says and reads again, but does not write twice', async () => {
    const client = await loggedIn();
    const busy = problem(503, 'OVERLOADED', { 'retry-after': '0' });
    auth.next
      .set('GET /tasks', [busy, busy])
      .set('POST /tasks', [busy])
      .set('GET /later', [problem(503, 'OVERLOADED', { 'retry-after': '600' })]);
    const ask = async (path: string, method: string) =>
      (await client.fetch(auth.url + path, { method })).status;
    expect([await ask('/tasks', 'GET'), await ask('/tasks', 'POST'), await ask('/later', 'GET')]).toEqual([
      200, 503, 503,
    ]);
    expect([auth.count('GET /tasks'), auth.count('POST /tasks')]).toEqual([3, 1]);
  });

  it('asks a busy auth again for the next token', async () => {
    auth.lifetime = 0;
    const client = await loggedIn();
    auth.lifetime = 300;
    const before = auth.count('POST /auth/refresh');
    auth.next.set('POST /auth/refresh', [problem(503, 'OVERLOADED', { 'retry-after': '0' })]);
    expect((await client.fetch(`${auth.url}/tasks`)).status).toBe(200);
    expect(auth.count('POST /auth/refresh') - before).toBe(2);
  });

  describe('and the origins that get the token', () => {
    let elsewhere: SmallAuth;
    beforeEach(async () => {
      elsewhere = await new SmallAuth().open();
    });
    afterEach(() => elsewhere.close());

    it('are those of auth and of the list', async () => {
      const client = await loggedIn({ origins: [`${elsewhere.url}/`] });
      expect((await client.fetch(`${auth.url}/tasks`)).status).toBe(200);
      expect((await client.fetch(`${elsewhere.url}/tasks`)).status).toBe(200);
    });

    it('are no others: nothing is sent there, and the mistake is named', async () => {
      const client = await loggedIn({ origins: [] });
      for (const url of [`${elsewhere.url}/tasks`, auth.url.replace('127.0.0.1', 'localhost')]) {
        const refusal = { code: 'ORIGIN_NOT_LISTED', message: expect.stringContaining(new URL(url).origin) };
        await expect(client.fetch(url)).rejects.toMatchObject(refusal);
        await expect(client.fetch(new Request(url))).rejects.toMatchObject(refusal);
      }
      expect(elsewhere.log).toEqual([]);
    });

    it('are those of this machine while auth is on it and no list is given, as in development', async () => {
      const client = await loggedIn();
      expect((await client.fetch(`${elsewhere.url}/tasks`)).status).toBe(200);
      for (const url of ['https://api.example.com', 'http://localhost.example.com', 'https://localhost'])
        await expect(client.fetch(url)).rejects.toMatchObject({ code: 'ORIGIN_NOT_LISTED' });
    });

    it('are none of this machine while auth is on another', async () => {
      const send = () => Promise.reject(new Error('sent'));
      const client = createClient({ authUrl: 'https://localhost.example.com', mode: 'memory', fetch: send });
      const refusal = client.fetch('http://localhost:3001/tasks');
      await expect(refusal).rejects.toMatchObject({ code: 'ORIGIN_NOT_LISTED' });
    });

    it('are none that a redirect leads to', async () => {
      const client = await loggedIn();
      auth.next.set('GET /tasks', [{ status: 307, headers: { location: `${elsewhere.url}/tasks` } }]);
      expect((await client.fetch(`${auth.url}/tasks`)).status).toBe(401);
      expect([elsewhere.log, elsewhere.authorizations]).toEqual([['GET /tasks'], [undefined]]);
    });

    it('are none of a document without one', async () => {
      const client = await loggedIn({ origins: ['file:///index.html'] });
      const refusal = client.fetch('data:text/plain,hello');
      await expect(refusal).rejects.toMatchObject({ code: 'ORIGIN_NOT_LISTED' });
    });

    it('have to be origins', () => {
      expect(() => createClient({ authUrl: auth.url, origins: ['api.example.com'] })).toThrow('Invalid URL');
    });
  });

  it('does not send the request of one person again as another', async () => {
    const client = await loggedIn();
    auth.refused.set(auth.lastToken, 'INVALID_TOKEN');
    auth.subject = '0199';
    const answer = await client.fetch(`${auth.url}/tasks`, { method: 'POST' });
    expect([answer.status, auth.count('POST /tasks'), auth.count('POST /auth/refresh')]).toEqual([401, 1, 1]);
  });

  describe('in several tabs', () => {
    it.each<[string, ('BroadcastChannel' | 'navigator')[], number]>([
      ['with Web Locks and BroadcastChannel', [], 1],
      ['without Web Locks', ['navigator'], 5],
      ['without BroadcastChannel', ['BroadcastChannel'], 5],
      ['without both', ['BroadcastChannel', 'navigator'], 5],
    ])('%s every tab is logged in after a reload', async (_case, missing, refreshes) => {
      const originals = missing.map(
        (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
      );
      for (const name of missing)
        Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
      const tabs = [1, 2, 3, 4, 5].map(() => createClient({ authUrl: auth.url, mode: 'cookie' }));
      for (const [name, descriptor] of originals) Object.defineProperty(globalThis, name, descriptor!);
      const users = await Promise.all(tabs.map((tab) => tab.user()));
      expect(users.map((user) => user?.user_id)).toEqual(['0198', '0198', '0198', '0198', '0198']);
      expect(auth.count('POST /auth/refresh')).toBe(refreshes);
    });

    it('a logout in one is a logout in all', async () => {
      const [one, other] = [1, 2].map(() => createClient({ authUrl: auth.url, mode: 'cookie' })) as [
        ReturnType<typeof createClient>,
        ReturnType<typeof createClient>,
      ];
      await Promise.all([one.user(), other.user()]);
      const told = new Promise((resolve) => other.onChange(resolve));
      await one.logout();
      expect(await told).toBeUndefined();
      expect(await other.user()).toBeUndefined();
    });
  });
});
