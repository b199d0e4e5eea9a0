import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Caller } from './caller.js';
import { ServiceCallDenied, ServiceTokenUnavailable } from './errors.js';
import { secretIdentity } from './identity/client-identity.js';
import { ServiceClient } from './service-client.js';
import type { ServiceOptions } from './service-client.options.js';
import { FakeServer, fakeAuth, json } from './spec-support/fake-http.js';
import { TokenEndpoint } from './tokens/token-endpoint.js';

describe('calling another service', () => {
  let auth: FakeServer;
  let business: FakeServer;
  beforeEach(async () => {
    auth = await fakeAuth();
    business = await FakeServer.start((_, response) => json(response, 200, { ok: true }));
  });
  afterEach(() => Promise.all([auth.stop(), business.stop()]));

  const client = (options: Partial<ServiceOptions> = {}, identity = secretIdentity('reports', 's3cret')) => {
    const endpoint = new TokenEndpoint({ url: `${auth.url}/oauth/token`, identity, fetch });
    return new ServiceClient('business', { url: business.url, ...options }, endpoint, 100, fetch);
  };
  const asUser = <T>(token: string, work: () => T, headers = {}): T => Caller.run({ token, headers }, work);
  const tokensSeen = () => business.seen.map(({ headers }) => headers.authorization);

  it("exchanges the user's token, and sends the new one", async () => {
    const response = await asUser('user-token', () =>
      client({ scopes: ['tasks:read'] }).fetch('/tasks?limit=5'),
    );
    expect(await response.json()).toEqual({ ok: true });
    const [asked] = auth.seen;
    expect(asked).toMatchObject({ method: 'POST', url: '/oauth/token' });
    expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from('reports:s3cret').toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'user-token',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: 'business',
      scope: 'tasks:read',
    });
    expect(business.seen).toMatchObject([
      { url: '/tasks?limit=5', headers: { authorization: 'Bearer token-1' } },
    ]);
  });

  it('calls as itself by client_credentials', async () => {
    await client({ audience: 'tasks-api' }).asSelf().fetch('/summary', { method: 'POST', body: '{}' });
    expect(Object.fromEntries(new URLSearchParams(auth.seen[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      audience: 'tasks-api',
    });
    expect(business.seen).toMatchObject([{ method: 'POST', url: '/summary', body: '{}' }]);
  });

  it('asks auth once, however many calls a user makes at once, and again for another user', async () => {
    const service = client();
    await asUser('user-token', () => Promise.all(Array.from({ length: 20 }, () => service.fetch('/tasks'))));
    expect(auth.seen.length).toBe(1);
    await asUser('another-token', () => service.fetch('/tasks'));
    expect(auth.seen.length).toBe(2);
    expect(tokensSeen().at(-1)).toBe('Bearer token-2');
  });

  it('never calls for a user where there is none', async () => {
    const call = client().fetch('/tasks');
    await expect(call).rejects.toThrow(ServiceCallDenied);
    await expect(call).rejects.toThrow('asSelf()');
    expect([...auth.seen, ...business.seen]).toEqual([]);
  });

  it('replaces a token that is refused, once', async () => {
    business.answer = (request, response) =>
      json(response, request.headers.authorization === 'Bearer token-1' ? 401 : 200, {});
    const service = client();
    const response = await asUser('user-token', () =>
      service.fetch('/tasks', { method: 'POST', body: 'again' }),
    );
    expect(response.status).toBe(200);
    expect(tokensSeen()).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(business.seen[1]?.body).toBe('again');
    business.answer = (_, refused) => json(refused, 401, {});
    expect((await asUser('user-token', () => service.fetch('/tasks'))).status).toBe(401);
    expect(business.seen.length).toBe(4);
  });

  it('does not send a stream twice', async () => {
    business.answer = (_, response) => json(response, 401, {});
    const body = Readable.toWeb(Readable.from(['once'])) as ReadableStream;
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    expect((await asUser('user-token', () => client().fetch('/tasks', init))).status).toBe(401);
    expect(business.seen.length).toBe(1);
  });

  it.each([
    'http://evil.example/tasks',
    '//evil.example/tasks',
    '/\\evil.example/tasks',
    '\\\\evil.example/tasks',
    '\\/evil.example/tasks',
    '/\t/evil.example/tasks',
    '/\n/evil.example/tasks',
    '\t//evil.example/tasks',
    ' http://evil.example/tasks',
    'https:evil.example/tasks',
    'http:\\\\evil.example/tasks',
    'http://127.0.0.1@evil.example/tasks',
    'http://127.0.0.1.evil.example/tasks',
    'http://127.0.0.1:1/tasks',
    'data:text/plain,tasks',
    'blob:http://127.0.0.1/tasks',
    'https://127.0.0.1/tasks',
    'http://user:password@127.0.0.1/tasks',
    'javascript:alert(1)',
    new URL('http://evil.example/tasks'),
  ])('sends nothing to another origin: %s', async (address) => {
    await expect(asUser('user-token', () => client().fetch(address))).rejects.toThrow(TypeError);
    expect([...auth.seen, ...business.seen]).toEqual([]);
  });

  it('stays below the path of the base URL', async () => {
    const service = client({ url: `${business.url}/api/` });
    await asUser('user-token', () => service.fetch('/tasks'));
    await asUser('user-token', () => service.fetch('tasks/1'));
    expect(business.seen.map(({ url }) => url)).toEqual(['/api/tasks', '/api/tasks/1']);
    for (const path of ['/../admin', '../admin', '/%2e%2e/admin', `${business.url}/admin`])
      await expect(asUser('user-token', () => service.fetch(path))).rejects.toThrow(TypeError);
  });

  it('does not follow a redirect: the answer is the redirect', async () => {
    const evil = await FakeServer.start((_, response) => json(response, 200, {}));
    business.answer = (_, response) => void response.writeHead(307, { location: `${evil.url}/steal` }).end();
    const response = await asUser('user-token', () => client().fetch('/tasks', { redirect: 'follow' }));
    expect(response.status).toBe(307);
    expect(evil.seen).toEqual([]);
    await evil.stop();
  });

  it('does not take its credential where auth redirects to', async () => {
    const evil = await fakeAuth();
    auth.answer = (_, response) => void response.writeHead(307, { location: evil.url }).end();
    await expect(client().asSelf().fetch('/tasks')).rejects.toThrow(ServiceTokenUnavailable);
    expect(evil.seen).toEqual([]);
    await evil.stop();
  });

  it("sends its own token whatever the caller's headers say, and passes on what the request is traced by", async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { Authorization: 'Bearer forged', 'x-test': '1' };
    await asUser('user-token', () => client().fetch('/tasks', { headers }), {
      traceparent,
      'x-request-id': 'r1',
    });
    expect(business.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'x-test': '1',
      traceparent,
      'x-request-id': 'r1',
    });
  });

  describe('the time of a call', () => {
    /** A head, and a body that never ends although something of it comes from time to time. */
    const dripping = (_: unknown, response: ServerResponse) => {
      response.write('a');
      const drip = setInterval(() => response.write('b'), 10);
      response.once('close', () => clearInterval(drip));
    };
    const timeout = { name: 'TimeoutError' };
    const get = (service: ServiceClient, init?: RequestInit) =>
      asUser('user-token', () => service.fetch('/tasks', init));

    it('ends while there is no answer, for each of many calls', async () => {
      business.answer = () => {};
      const service = client({ timeout: 50 });
      const calls = Array.from({ length: 50 }, () => get(service));
      for (const call of await Promise.allSettled(calls))
        expect(call).toMatchObject({ status: 'rejected', reason: timeout });
    });

    it('ends while the body comes, for each of many calls, and the connections with it', async () => {
      business.answer = dripping;
      const service = client({ timeout: 1000 });
      const responses = await Promise.all(Array.from({ length: 20 }, () => get(service)));
      for (const body of await Promise.allSettled(responses.map((response) => response.text())))
        expect(body).toMatchObject({ status: 'rejected', reason: timeout });
      await until(async () => (await business.connections()) === 0);
    });

    it('is the same for both tries', async () => {
      business.answer = (request, response) => {
        if (request.headers.authorization === 'Bearer token-1') json(response, 401, {});
      };
      await expect(get(client({ timeout: 1000 }))).rejects.toMatchObject(timeout);
      expect(tokensSeen()).toEqual(['Bearer token-1', 'Bearer token-2']);
    });

    it('of one call that is over ends no later one', async () => {
      business.answer = (request, response) => {
        if (request.url === '/ok') json(response, 200, {});
      };
      const service = client({ timeout: 1000 });
      const both = () => Promise.allSettled(['/tasks', '/ok'].map((path) => service.asSelf().fetch(path)));
      for (let round = 0; round < 2; round++)
        expect(await both()).toMatchObject([
          { status: 'rejected', reason: timeout },
          { status: 'fulfilled', value: { status: 200 } },
        ]);
    });

    it("is the caller's to end as well, before and while the body comes", async () => {
      business.answer = dripping;
      const service = client();
      await expect(get(service, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        name: 'AbortError',
      });
      const [leaving, other] = [new AbortController(), client({ timeout: 1000 })];
      const response = await get(service, { signal: leaving.signal });
      leaving.abort();
      await expect(response.text()).rejects.toMatchObject({ name: 'AbortError' });
      const late = await get(other, { signal: new AbortController().signal });
      await expect(late.text()).rejects.toMatchObject(timeout);
    });
  });

  it.each([
    ['invalid_grant', 401],
    ['invalid_scope', 403],
    ['invalid_target', 502],
    ['invalid_client', 502],
  ])('says which OAuth error kept it from calling: %s', async (error, status) => {
    auth.answer = (_, response) => json(response, 400, { error, error_description: 'because' });
    const call = asUser('user-token', () => client().fetch('/tasks'));
    await expect(call).rejects.toThrow(`No token to call business: ${error} (because)`);
    await expect(call).rejects.toMatchObject({
      name: 'ServiceCallDenied',
      service: 'business',
      error,
      status,
    });
    expect(business.seen).toEqual([]);
  });

  it('warns of a scope that is missing, once a minute: the answer blames the user, who may not be to blame', async () => {
    const told: unknown[][] = [];
    const tell = (level: string) => (message: unknown) => void told.push([level, message]);
    Logger.overrideLogger({
      log: tell('log'),
      error: tell('error'),
      warn: tell('warn'),
      debug: tell('debug'),
    });
    auth.answer = (_, response) =>
      json(response, 400, { error: 'invalid_scope', error_description: 'because' });
    const service = client();
    for (const user of ['one', 'two'])
      await expect(asUser(user, () => service.fetch('/tasks'))).rejects.toThrow(ServiceCallDenied);
    Logger.overrideLogger(true);
    const line = 'No token to call business: invalid_scope (because)';
    expect(told).toEqual([
      ['warn', line],
      ['debug', line],
    ]);
  });

  it.each([503, 429, 200])(
    'auth that answers %i without a token is not a refusal of auth',
    async (status) => {
      auth.answer = (_, response) => json(response, status, { hello: 1 });
      const call = asUser('user-token', () => client().fetch('/tasks'));
      await expect(call).rejects.toMatchObject({ name: 'ServiceTokenUnavailable', status: 503 });
    },
  );

  it('remembers no failure: the next call asks again', async () => {
    const service = client();
    const { answer } = auth;
    auth.answer = (_, response) => json(response, 503, {});
    await expect(service.asSelf().fetch('/tasks')).rejects.toThrow(ServiceTokenUnavailable);
    auth.answer = answer;
    expect((await service.asSelf().fetch('/tasks')).status).toBe(200);
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(10);
}
