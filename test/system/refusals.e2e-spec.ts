import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploy, PASSWORD, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { sendRaw } from '../support/raw-http.js';
import { forge } from '../support/tokens.js';

/** Both services refuse in the same words: RFC 9457 with the codes of the contract. */
describe.each(['auth', 'business'] as const)('%s', (app) => {
  let deployment: Deployment;
  let token: string;
  beforeAll(async () => {
    deployment = await deploy();
    token = await signUp(deployment, 'ada@example.com');
  });
  afterAll(() => undeploy(deployment));

  const guarded = app === 'auth' ? '/auth/me' : '/dashboard';
  const writable = app === 'auth' ? '/auth/login' : '/tasks';
  const validBody = app === 'auth' ? { email: 'ada@example.com', password: PASSWORD } : { title: 'x' };
  const call = (method: string, path: string, options: Parameters<typeof request>[2] = {}) =>
    request(method, deployment[app].url + path, options);
  const now = () => Math.floor(Date.now() / 1000);

  function expectProblem(answer: Answer, status: number, code: string, detail?: string): void {
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ type: 'about:blank', title: expect.any(String), status, code });
    expect(answer.status).toBe(status);
    if (detail !== undefined) expect(answer.body['detail']).toBe(detail);
    expect(JSON.stringify(answer.body)).not.toMatch(/at .*\.(js|ts):|select|fastify|FST_/i);
  }

  it.each([
    ['no credential', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['an empty credential', { authorization: '' }],
  ])('answers 401 Unauthorized to %s', async (_case, headers) => {
    const answer = await call('GET', guarded, { headers });
    expectProblem(answer, 401, 'UNAUTHORIZED', 'Unauthorized');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('answers 401 Token expired to a token whose time is over', async () => {
    const expired = await forge(deployment.secret, { iat: now() - 400, exp: now() - 100 });
    const answer = await call('GET', guarded, { token: expired });
    expectProblem(answer, 401, 'TOKEN_EXPIRED', 'Token expired');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it.each<[string, () => Promise<string>]>([
    ['rubbish', async () => 'rubbish'],
    ['a token signed with another secret', () => forge('f'.repeat(64))],
    ['a token of another issuer', () => forge(deployment.secret, { iss: 'http://localhost:3000/' })],
    ['a token for another audience', () => forge(deployment.secret, { aud: 'other' })],
    ['an ID token', () => forge(deployment.secret, {}, 'JWT')],
    ['a token without exp', () => forge(deployment.secret, { exp: undefined as never })],
    ['a token of more than 4 KiB', () => forge(deployment.secret, { padding: 'x'.repeat(4096) })],
    ['an expired token signed with another secret', () => forge('f'.repeat(64), { exp: now() - 100 })],
  ])('answers 401 Invalid token to %s', async (_case, makeToken) => {
    const answer = await call('GET', guarded, { token: await makeToken() });
    expectProblem(answer, 401, 'INVALID_TOKEN', 'Invalid token');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'hides what exists: %s of an unknown path',
    async (method) => {
      expectProblem(await call(method, '/no/such/path'), 401, 'UNAUTHORIZED', 'Unauthorized');
      expectProblem(await call(method, '/no/such/path', { token }), 404, 'NOT_FOUND');
    },
  );

  it.each(['GET', 'PATCH', 'DELETE'])(
    'hides what exists: %s of a path that ends where an id is missing',
    async (method) => {
      const path = app === 'auth' ? '/auth/sessions/' : '/tasks/';
      expectProblem(await call(method, path), 401, 'UNAUTHORIZED', 'Unauthorized');
      expectProblem(await call(method, path, { token }), 404, 'NOT_FOUND');
    },
  );

  // auth's own `/` leads people to its pages (test/auth/pages.e2e-spec.ts).
  const root = app === 'auth' ? [] : ['/'];
  it.each([...root, `${guarded}/`, `/${guarded}`, guarded.toUpperCase(), `${guarded};a=b`])(
    'opens nothing at %s without a token',
    async (path) => {
      expect((await call('GET', path)).status).toBe(401);
      expect((await call('HEAD', path)).status).toBe(401);
    },
  );

  it.each([
    ['a Content-Type that is none', { 'content-type': 'json' }],
    ['no Content-Type where one is due', {}, 'QUERY'],
    ['an expectation that nobody knows', { 'content-type': 'application/json', expect: '200-ok' }],
  ])('asks for a token first, whatever else is wrong: %s', async (_case, headers, method = 'POST') => {
    const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const text = await sendRaw(
      deployment[app].url,
      `${method} ${guarded} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n${fields.join('')}\r\n{}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(text).toContain('application/problem+json');
  });

  it('takes no token from the query or the body', async () => {
    expectProblem(await call('GET', `${guarded}?access_token=${token}&token=${token}`), 401, 'UNAUTHORIZED');
    expect((await call('POST', guarded, { body: { access_token: token } })).status).toBe(401);
  });

  it.each([
    ['truncated', '{"title":'],
    ['empty', ''],
    ['poisoned', '{"__proto__":{"admin":true}}'],
  ])('answers 400 to %s JSON', async (_case, text) => {
    const answer = await raw(text, 'application/json');
    expectProblem(answer, 400, 'MALFORMED_JSON');
  });

  it.each(['[]', 'null', '1', '"text"', '[{"title":"x"}]', '{}'])(
    'answers 400 with errors to %s',
    async (text) => {
      const answer = await raw(text, 'application/json');
      expectProblem(answer, 400, 'VALIDATION_FAILED');
      expect(answer.body['errors']).toEqual(
        expect.arrayContaining([{ field: expect.any(String), message: expect.any(String) }]),
      );
    },
  );

  it('answers 400 with errors to a field that it does not know', async () => {
    const answer = await call('POST', writable, {
      token,
      body: { ...validBody, admin: true },
    });
    expectProblem(answer, 400, 'VALIDATION_FAILED');
    expect(answer.body['errors']).toEqual([{ field: 'admin', message: expect.any(String) }]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ])('answers 415 to %s', async (type) => {
    expectProblem(await raw(JSON.stringify(validBody), type), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('answers 413 to a body over 16 KiB and takes one just below', async () => {
    expectProblem(
      await raw(JSON.stringify({ x: 'x'.repeat(16 * 1024) }), 'application/json'),
      413,
      'BODY_TOO_LARGE',
    );
    const padded = JSON.stringify(validBody).padEnd(16 * 1024);
    expect((await raw(padded, 'application/json')).status).toBeLessThan(300);
  });

  it('answers 400 to a path that is no path', async () => {
    expectProblem(await call('GET', '/%zz', { token }), 400, 'MALFORMED_URL');
  });

  it.each(['/health/live', '/health/ready', '/metrics', '/docs', '/docs-json'])(
    'opens %s to everybody',
    async (path) => {
      expect((await call('GET', path)).status).toBe(200);
    },
  );

  it('describes its routes in OpenAPI and counts requests by route', async () => {
    const docs = await call('GET', '/docs-json');
    expect(Object.keys(docs.body['paths'] as object)).toEqual(
      expect.arrayContaining([guarded, writable, '/health/ready']),
    );
    expect(JSON.stringify(docs.body['paths'])).toContain('#/components/schemas/');
    const metrics = await request<string>('GET', `${deployment[app].url}/metrics`);
    expect(metrics.body).toMatch(new RegExp(`http_request_duration_seconds_count{[^}]*route="${guarded}"`));
    expect(metrics.body).not.toContain('/no/such/path');
  });

  it('sets security headers and a request id', async () => {
    const answer = await call('GET', guarded, { headers: { 'x-request-id': 'trace-1' } });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(answer.headers.get('x-request-id')).toBe('trace-1');
    const tricked = await call('GET', guarded, { headers: { 'x-request-id': 'a b"c' } });
    expect(tricked.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  async function raw(body: string, contentType: string): Promise<Answer> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
    const response = await fetch(deployment[app].url + writable, { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} };
  }
});
