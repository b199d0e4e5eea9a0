import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, beginSession, claimsOf, newPerson, statusOfMe } from '../support/sessions.js';

const APP = 'https://app.example.com';
const FROM_APP = { origin: APP };
const PUBLIC_URL = 'http://id.example.com/app';
const FROM_AUTH = { 'sec-fetch-site': 'same-origin' };

describe('the session cookie of a browser', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start({
      CORS_ORIGINS: `${APP},https://other.example.com`,
      TRUST_PROXY: '127.0.0.1',
      PUBLIC_URL,
    });
  });
  afterAll(() => replicas.end());

  type Headers = Readonly<Record<string, string>>;
  const post = (path: string, headers: Headers, body?: unknown, token?: string): Promise<Answer> =>
    request('POST', `${auth.url}${path}`, { headers, body, token });
  const logIn = (email: string, headers: Headers = FROM_APP): Promise<Answer> =>
    post('/auth/login', headers, { email, password: PASSWORD, mode: 'cookie' });
  const setCookieOf = ({ headers }: Answer): string =>
    headers.getSetCookie().find((cookie) => /^(__Host-)?signet-session=/.test(cookie)) ?? '';
  const cookieOf = (answer: Answer): string => setCookieOf(answer).split(';')[0] ?? '';
  const refresh = (cookie: string, headers: Headers = FROM_APP, body?: unknown): Promise<Answer> =>
    post('/auth/refresh', { cookie, ...headers }, body);
  const state = () => replicas.query('select id, counter from sessions order by id');

  it('has the refresh token, and the answer has not', async () => {
    const answer = await logIn(await newPerson(auth));
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'access_token',
      'expires_in',
      'token_type',
    ]);
    expect(setCookieOf(answer)).toMatch(
      /^signet-session=[\w-]{72}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('is bound to its host and to https where it is not plain http on this machine', async () => {
    const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'id.example.com' };
    const answer = await logIn(await newPerson(auth), { ...FROM_APP, ...https });
    const cookie = setCookieOf(answer);
    expect(cookie).toMatch(
      /^__Host-signet-session=[\w-]{72}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const unbound = cookieOf(answer).replace('__Host-', '');
    expect((await refresh(unbound, { ...FROM_APP, ...https })).status).toBe(400);
    expect((await refresh(cookieOf(answer), { ...FROM_APP, ...https })).status).toBe(200);
  });

  it('is bound to https also where a proxy in front of it hides that', async () => {
    const behind = await replicas.start({ PUBLIC_URL: 'https://id.example.com', CORS_ORIGINS: APP });
    const email = await newPerson(behind);
    const ask = (path: string, headers: Headers, body?: unknown) =>
      request('POST', `${behind.url}${path}`, { headers, body });
    const answer = await ask('/auth/login', FROM_APP, { email, password: PASSWORD, mode: 'cookie' });
    expect(setCookieOf(answer)).toMatch(/^__Host-signet-session=.*; HttpOnly; Secure; SameSite=Strict$/);
    const unbound = cookieOf(answer).replace('__Host-', '');
    expect((await ask('/auth/refresh', { cookie: unbound, ...FROM_APP })).status).toBe(400);
    expect((await ask('/auth/refresh', { cookie: cookieOf(answer), ...FROM_APP })).status).toBe(200);
  });

  it('refreshes without a body, and has the next token then', async () => {
    const first = await logIn(await newPerson(auth));
    const second = await refresh(cookieOf(first));
    expect([second.status, second.body['refresh_token']]).toEqual([200, undefined]);
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect(await statusOfMe(auth, String(second.body['access_token']))).toBe(200);
    const third = await refresh(cookieOf(second), FROM_AUTH, { audience: 'auth' });
    expect(claimsOf(String(third.body['access_token']))['aud']).toBe('auth');
    const empty = await refresh(cookieOf(third), { ...FROM_APP, 'content-type': 'application/json' });
    expect(empty.status).toBe(200);
  });

  it('counts from the pages of auth, whether or not a browser tells of the site', async () => {
    const { host } = new URL(auth.url);
    for (const headers of [
      { origin: new URL(PUBLIC_URL).origin },
      { origin: `http://${host}`, ...FROM_AUTH },
      { origin: `https://${host}`, ...FROM_AUTH },
    ])
      expect((await refresh(cookieOf(await logIn(await newPerson(auth))), headers)).status).toBe(200);
  });

  it('logs out without a body, and is gone then', async () => {
    const first = await logIn(await newPerson(auth));
    const answer = await post('/auth/logout', { cookie: cookieOf(first), ...FROM_APP });
    expect(answer.status).toBe(204);
    expect(setCookieOf(answer)).toBe('signet-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
    expect((await refresh(cookieOf(first))).status).toBe(401);
    expect(await statusOfMe(auth, String(first.body['access_token']))).toBe(401);
  });

  it('stays when all other sessions end', async () => {
    const email = await newPerson(auth);
    const other = await beginSession(auth, email);
    const first = await logIn(email);
    const cookie = cookieOf(first);
    const ended = await request('DELETE', `${auth.url}/auth/sessions`, {
      token: String(first.body['access_token']),
      headers: { cookie, ...FROM_APP },
    });
    expect(ended.status).toBe(204);
    expect(await statusOfMe(auth, other.access_token)).toBe(401);
    expect((await refresh(cookie)).status).toBe(200);
  });

  it('stays when all other sessions end, also where access tokens do not say which is theirs', async () => {
    const bare = await replicas.start({ CORS_ORIGINS: APP, JWT_PROFILE: 'bare' });
    const email = await newPerson(bare);
    const other = await beginSession(bare, email);
    const first = await request('POST', `${bare.url}/auth/login`, {
      body: { email, password: PASSWORD, mode: 'cookie' },
      headers: FROM_APP,
    });
    const endOthers = (headers: Headers) =>
      request('DELETE', `${bare.url}/auth/sessions`, { token: String(first.body['access_token']), headers });
    expect((await endOthers({ cookie: cookieOf(first), ...FROM_APP })).status).toBe(204);
    expect((await refresh(cookieOf(first))).status).toBe(200);
    const refused = await request('POST', `${bare.url}/auth/refresh`, {
      body: { refresh_token: other.refresh_token },
    });
    expect(refused.status).toBe(401);
  });

  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  describe.each(['/auth/refresh', '/auth/logout'])('is worth nothing at %s', (path) => {
    it.each<[string, Headers, unknown]>([
      ['from nowhere', {}, undefined],
      ['from another origin', { origin: 'https://evil.example' }, undefined],
      ['from a page without an origin', { origin: 'null' }, undefined],
      ['from an origin that looks alike', { origin: `${APP}.evil.example` }, undefined],
      ['from the same host over http', { origin: APP.replace('https', 'http') }, undefined],
      ['from another site', { 'sec-fetch-site': 'cross-site' }, undefined],
      ['from the same site', { 'sec-fetch-site': 'same-site' }, undefined],
      ['typed into a browser', { 'sec-fetch-site': 'none' }, undefined],
      [
        'from another origin that calls itself the same',
        { origin: 'https://evil.example', ...FROM_AUTH },
        {},
      ],
      ['from another origin as JSON', { origin: 'https://evil.example' }, {}],
      ['as a form', { ...FROM_APP, ...form }, 'a=b'],
      ['as text', { ...FROM_APP, 'content-type': 'text/plain' }, '{}'],
      ['as a form of auth itself', { ...FROM_AUTH, ...form }, 'a=b'],
    ])('%s', async (_case, headers, body) => {
      const first = await logIn(await newPerson(auth));
      const before = await state();
      const answer = await post(path, { cookie: cookieOf(first), ...headers }, body);
      expect([answer.status, answer.body['code']]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(await state()).toEqual(before);
      expect((await refresh(cookieOf(first))).status).toBe(200);
    });
  });

  it('is not set by a page of another origin, so that it cannot log its visitor in', async () => {
    const email = await newPerson(auth);
    const before = await state();
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await logIn(email, headers);
      expect([answer.status, answer.body['code']]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(await state()).toEqual(before);
    expect((await logIn(email, {})).status).toBe(200);
    expect((await post('/auth/login', {}, { email, password: PASSWORD, mode: 'header' })).status).toBe(400);
  });

  it('does not matter to a request that has its own refresh token', async () => {
    const email = await newPerson(auth);
    const [first, own] = [await logIn(email), await beginSession(auth, email)];
    const answer = await post(
      '/auth/refresh',
      { cookie: cookieOf(first) },
      { refresh_token: own.refresh_token },
    );
    expect([answer.status, typeof answer.body['refresh_token']]).toEqual([200, 'string']);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('is described as a way to authenticate, in place of a body', async () => {
    const { body } = await request<{
      paths: Record<string, { post: { security: object[]; requestBody: { required: boolean } } }>;
      components: { securitySchemes: Record<string, object> };
    }>('GET', `${auth.url}/docs-json`);
    expect(body.components.securitySchemes['sessionCookie']).toMatchObject({
      type: 'apiKey',
      in: 'cookie',
      name: '__Host-signet-session',
    });
    for (const path of ['/auth/refresh', '/auth/logout']) {
      const { security, requestBody } = body.paths[path]!.post;
      expect(security).toContainEqual({ sessionCookie: [] });
      expect([path, requestBody.required]).toEqual([path, false]);
    }
  });

  it('that is no token of ours is refused as any', async () => {
    const answer = await refresh('signet-session=made-up');
    expect([answer.status, answer.body['code']]).toEqual([401, 'INVALID_REFRESH_TOKEN']);
  });
});
