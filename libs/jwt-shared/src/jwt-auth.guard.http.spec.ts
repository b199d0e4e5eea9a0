import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Head, Post, Req, type INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { connect, type AddressInfo } from 'node:net';
import type { AccessToken } from './access-token.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { CurrentUser, UserId } from './decorators/current-user.decorator.js';
import { Public } from './decorators/public.decorator.js';
import { Roles } from './decorators/roles.decorator.js';
import { Scopes } from './decorators/scopes.decorator.js';
import { JwtSharedModule } from './jwt-shared.module.js';
import { FakeIssuer, signCompact, SigningKey } from './testing/index.js';

const ANSWER = 'answered-by-the-handler';

@Controller()
class Routes {
  @Get('dashboard')
  dashboard(@UserId() userId: string) {
    return { answer: ANSWER, userId };
  }

  @Get('me')
  me(@CurrentUser() user: AccessToken, @Req() request: AuthenticatedRequest) {
    return { answer: ANSWER, user, same: user === request.user, claims: user.claims };
  }

  @Post('things')
  create(@UserId() userId: string) {
    return { answer: ANSWER, userId };
  }

  @Head('only-head')
  onlyHead() {
    return ANSWER;
  }

  @Public()
  @Get('open')
  open() {
    return { answer: ANSWER };
  }

  @Public()
  @Get('open-but-asks')
  openButAsks(@UserId() userId: string) {
    return { answer: ANSWER, userId };
  }
}

@Public()
@Controller('public')
class PublicRoutes {
  @Get()
  open() {
    return { answer: ANSWER };
  }

  @Scopes('admin')
  @Get('scoped')
  scoped() {
    return { answer: ANSWER };
  }
}

class Inherited {
  @Get()
  inherited() {
    return { answer: ANSWER };
  }
}

@Public()
@Controller('inherited/open')
class OpenChild extends Inherited {}

@Controller('inherited/closed')
class ClosedChild extends Inherited {}

@Scopes('tasks:read')
@Roles('user', 'admin')
@Controller('tasks')
class Tasks {
  @Get()
  list() {
    return { answer: ANSWER };
  }

  @Scopes('tasks:write', 'tasks:read')
  @Roles('admin', 'owner')
  @Get('write')
  write() {
    return { answer: ANSWER };
  }

  @Public()
  @Get('count')
  count() {
    return { answer: ANSWER };
  }
}

const ADAPTERS: [string, () => FastifyAdapter | ExpressAdapter][] = [
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
];

interface Answer {
  status: number;
  head: string;
  body: Record<string, unknown>;
  text: string;
}

describe.each(ADAPTERS)('the guard on %s', (_, adapter) => {
  let issuer: FakeIssuer;
  let app: INestApplication;
  let port: number;
  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    ({ app, port } = await listen(issuer, adapter()));
  });
  afterAll(async () => {
    await app.close();
    await issuer.stop();
  });

  /** Sends the lines of a request as they stand, as no client library would, and reads the whole answer. */
  async function send(requestLine: string, headers: readonly string[] = [], body = ''): Promise<Answer> {
    const socket = connect(port, '127.0.0.1');
    const fixed = [
      'Host: localhost',
      'Connection: close',
      ...(body ? [`Content-Length: ${body.length}`] : []),
    ];
    socket.write([`${requestLine} HTTP/1.1`, ...fixed, ...headers, '', body].join('\r\n'));
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
    const [head = '', ...rest] = text.split('\r\n\r\n');
    const json = /\{.*\}/s.exec(rest.join(''))?.[0] ?? '{}';
    return {
      status: Number(head.split(' ')[1]),
      head,
      body: JSON.parse(json) as Record<string, unknown>,
      text,
    };
  }
  const get = (path: string, ...authorization: string[]) =>
    send(
      `GET ${path}`,
      authorization.map((value) => `Authorization: ${value}`),
    );

  function expectRefused(
    answer: Answer,
    detail: string,
    code: string,
    challenge: string,
    status = 401,
  ): void {
    const title = status === 401 ? 'Unauthorized' : 'Forbidden';
    expect(answer.body).toEqual({ type: 'about:blank', title, status, detail, code });
    expect(answer.status).toBe(status);
    expect(/^www-authenticate: (.*)$/im.exec(answer.head)?.[1]).toBe(challenge);
  }
  const expectInvalid = (answer: Answer) =>
    expectRefused(answer, 'Invalid token', 'INVALID_TOKEN', 'Bearer error="invalid_token"');
  const expectNone = (answer: Answer) => expectRefused(answer, 'Unauthorized', 'UNAUTHORIZED', 'Bearer');

  describe('lets in', () => {
    it('a good token, the first time by the verifier and then from the cache', async () => {
      const token = issuer.token({ sub: 'alice' });
      for (let i = 0; i < 3; i++) {
        const { status, body } = await get('/dashboard', `Bearer ${token}`);
        expect([status, body]).toEqual([200, { answer: ANSWER, userId: 'alice' }]);
      }
    });

    it('whoever the token names, with all that it says, on the request too', async () => {
      const { body } = await get('/me', `Bearer ${issuer.token({ sub: 'bob', scope: 'a b', roles: ['r'] })}`);
      expect(body).toMatchObject({ same: true, claims: { sub: 'bob', scope: 'a b' } });
      expect(body['user']).toMatchObject({
        userId: 'bob',
        scopes: ['a', 'b'],
        roles: ['r'],
        clientId: 'first-party',
      });
    });

    it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('the scheme in any case: %s', async (scheme) => {
      expect((await get('/dashboard', `${scheme} ${issuer.token()}`)).status).toBe(200);
    });

    it('the header in any case, with the blanks that RFC 9110 allows', async () => {
      const { status } = await send('GET /dashboard', [`aUTHORIZATION:   Bearer   ${issuer.token()}  `]);
      expect(status).toBe(200);
    });

    it('anyone to public handlers and classes, bad tokens or none', async () => {
      for (const path of ['/open', '/public', '/inherited/open', '/tasks/count']) {
        expect((await get(path)).status).toBe(200);
        expect((await get(path, 'Bearer junk')).status).toBe(200);
      }
    });
  });

  describe('refuses for want of one bearer credential', () => {
    it('no header', async () => expectNone(await get('/dashboard')));

    it.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Token abc', 'Bearer:abc', 'Bearerabc', 'DPoP abc'])(
      'Authorization: %s',
      async (value) => expectNone(await get('/dashboard', value)),
    );

    it('a token without a scheme', async () => expectNone(await get('/dashboard', issuer.token())));

    it('two headers, whichever of them is good', async () => {
      const good = `Bearer ${issuer.token()}`;
      expect((await get('/dashboard', good)).status).toBe(200);
      for (const other of [good, 'Bearer junk', 'Basic YTpi', '']) {
        expectNone(await get('/dashboard', good, other));
        expectNone(await get('/dashboard', other, good));
      }
      expectNone(await send('GET /dashboard', [`authorization: ${good}`, `AUTHORIZATION: ${good}`]));
    });

    it('a token in the query, the body, a cookie or another header', async () => {
      const token = issuer.token();
      const type = 'Content-Type: application/json';
      expectNone(
        await get(`/dashboard?access_token=${token}&token=${token}&authorization=Bearer%20${token}`),
      );
      expectNone(
        await send('POST /things', [type], JSON.stringify({ access_token: token, auth_token: token })),
      );
      const others = [
        'Cookie',
        'X-Authorization',
        'Proxy-Authorization',
        'X-Access-Token',
        'Authorization-X',
      ];
      for (const name of others) expectNone(await send('GET /dashboard', [`${name}: Bearer ${token}`]));
    });

    it('headers that claim to have been checked by somebody else', async () => {
      const claims = [
        'X-User-Id: admin',
        'X-Forwarded-User: admin',
        'Remote-User: admin',
        'X-Internal: true',
      ];
      expectNone(await send('GET /dashboard', claims));
      const authorization = `Authorization: Bearer ${issuer.token({ sub: 'alice' })}`;
      expect((await send('GET /dashboard', [...claims, authorization])).body['userId']).toBe('alice');
    });
  });

  describe('refuses a token that is', () => {
    it('expired, saying so', async () => {
      const answer = await get('/dashboard', `Bearer ${issuer.expiredToken()}`);
      expectRefused(answer, 'Token expired', 'TOKEN_EXPIRED', 'Bearer error="invalid_token"');
    });

    it('revoked, also after it was let in', async () => {
      const token = issuer.token({ sid: `session-${port}` });
      expect((await get('/dashboard', `Bearer ${token}`)).status).toBe(200);
      issuer.revokeSession(`session-${port}`);
      expectInvalid(await get('/dashboard', `Bearer ${token}`));
      expectInvalid(await get('/dashboard', `Bearer ${token}`));
    });

    it('revoked before it was ever seen, however often it is shown', async () => {
      const token = issuer.token({ sid: `unseen-${port}` });
      issuer.revokeSession(`unseen-${port}`);
      for (let i = 0; i < 3; i++) expectInvalid(await get('/dashboard', `Bearer ${token}`));
    });

    it('revoked and then expired, as expired', async () => {
      const token = issuer.token({ sid: `both-${port}` });
      issuer.revokeSession(`both-${port}`);
      expectInvalid(await get('/dashboard', `Bearer ${token}`));
      issuer.clock.advance(310);
      const answer = await get('/dashboard', `Bearer ${token}`);
      expectRefused(answer, 'Token expired', 'TOKEN_EXPIRED', 'Bearer error="invalid_token"');
    });

    it('not one token', async () => {
      const token = issuer.token();
      for (const value of [
        `${token} ${token}`,
        `${token},Bearer ${token}`,
        `${token} x`,
        `"${token}"`,
        `${token};`,
      ]) {
        expectInvalid(await get('/dashboard', `Bearer ${value}`));
      }
    });

    it.each<[string, (issuer: FakeIssuer) => string]>([
      ['junk', () => 'junk'],
      ['over 4 KiB', (by) => by.token({ pad: 'x'.repeat(4096) })],
      ['for another service', (by) => by.token({ aud: 'another' })],
      ['of another issuer', (by) => by.token({ iss: 'http://evil.example' })],
      ['unsigned', (by) => `${by.token({}, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
      ['signed by a stranger', (by) => signCompact(new SigningKey('HS256', 'x'), by.header(), by.claims())],
      ['bare', (by) => by.token({ iss: undefined, aud: undefined, jti: undefined }, { typ: 'JWT' })],
      ['not for access', (by) => by.token({}, { typ: 'JWT' })],
    ])('%s', async (__, make) => expectInvalid(await get('/dashboard', `Bearer ${make(issuer)}`)));
  });

  describe('is not tricked by', () => {
    it.each([
      'GET //dashboard',
      'GET /./dashboard',
      'GET /x/../dashboard',
      'GET /dashboard/',
      'GET /dashboard//',
      'GET /Dashboard',
      'GET /DASHBOARD',
      'GET /d%61shboard',
      'GET /%64%61%73%68%62%6f%61%72%64',
      'GET /dashboard;open',
      'GET /dashboard;/open',
      'GET /open/../dashboard',
      'GET /open%2f..%2fdashboard',
      'GET /open/%2e%2e/dashboard',
      'GET /dashboard?open',
      'GET /dashboard#open',
      'GET /dashboard%00',
      'GET /dashboard%20',
      'GET /dashboard.json',
      'GET http://localhost/dashboard',
      'HEAD /dashboard',
      'HEAD /only-head',
      'OPTIONS /dashboard',
      'OPTIONS *',
      'TRACE /dashboard',
      'PUT /dashboard',
      'POST /things/',
      'GET /inherited/closed',
      'GET /public/scoped',
    ])('%s', async (requestLine) => {
      const answer = await send(requestLine, [
        'X-HTTP-Method-Override: GET',
        'X-Original-URL: /open',
        'X-Rewrite-URL: /open',
      ]);
      expect(answer.text).not.toContain(ANSWER);
      expect([400, 401, 404, 405, 501]).toContain(answer.status);
    });

    it('HEAD, which answers 401 as GET does', async () => {
      expect((await send('HEAD /dashboard')).status).toBe(401);
      expect((await send('HEAD /dashboard', [`Authorization: Bearer ${issuer.token()}`])).status).toBe(200);
    });
  });

  describe('asks for scopes and roles', () => {
    const may = async (path: string, claims: Record<string, unknown>) =>
      get(path, `Bearer ${issuer.token(claims)}`);
    const challenge = 'Bearer error="insufficient_scope", scope=';

    it.each([
      [{ scope: 'tasks:read', roles: ['user'] }, '/tasks'],
      [{ scope: 'other tasks:read', roles: ['x', 'admin'] }, '/tasks'],
      [{ scope: 'tasks:read tasks:write', roles: ['admin'] }, '/tasks/write'],
      [{ scope: 'tasks:write tasks:read', roles: ['user', 'owner'] }, '/tasks/write'],
      [{ scope: 'admin' }, '/public/scoped'],
    ])('and lets %j into %s', async (claims, path) => {
      expect((await may(path, claims)).status).toBe(200);
    });

    it.each([
      [{}, '/tasks', '"tasks:read"'],
      [{ scope: 'tasks:rea tasks:readx', roles: ['user'] }, '/tasks', '"tasks:read"'],
      [{ scope: 'tasks:read' }, '/tasks', '"tasks:read"'],
      [{ scope: 'tasks:read', roles: ['User', 'admins'] }, '/tasks', '"tasks:read"'],
      [{ scope: 'tasks:write', roles: ['admin'] }, '/tasks/write', '"tasks:write tasks:read"'],
      [{ scope: 'tasks:read', roles: ['admin'] }, '/tasks/write', '"tasks:write tasks:read"'],
      [{ scope: 'tasks:read tasks:write', roles: ['owner'] }, '/tasks/write', '"tasks:write tasks:read"'],
      [{ scope: 'tasks:read tasks:write', roles: ['user'] }, '/tasks/write', '"tasks:write tasks:read"'],
      [{ scope: 'user' }, '/public/scoped', '"admin"'],
    ])('and keeps %j out of %s, cold and hot', async (claims, path, scopes) => {
      const token = `Bearer ${issuer.token(claims)}`;
      for (let i = 0; i < 2; i++) {
        const detail = 'The access token does not allow this';
        expectRefused(await get(path, token), detail, 'INSUFFICIENT_SCOPE', challenge + scopes, 403);
      }
    });
  });

  it('answers 500 rather than undefined where a public handler asks for a user', async () => {
    const { status, text } = await get('/open-but-asks');
    expect(status).toBe(500);
    expect(text).not.toContain(ANSWER);
  });

  describe('with another application in the process', () => {
    let other: FakeIssuer;
    let second: INestApplication;
    beforeEach(async () => {
      other = await FakeIssuer.start();
      second = (await listen(other, adapter())).app;
    });
    afterEach(async () => {
      await second.close();
      await other.stop();
    });

    it('trusts its own issuer only (Passport has one registry of strategies for all)', async () => {
      expect((await get('/dashboard', `Bearer ${issuer.token()}`)).status).toBe(200);
      expectInvalid(await get('/dashboard', `Bearer ${other.token()}`));
    });
  });
});

describe.each(ADAPTERS)('the guard on %s with public keys', (_, adapter) => {
  it('starts while auth is down, answers 503 until there are keys, and works on when auth goes down again', async () => {
    const issuer = await FakeIssuer.start({ algorithm: 'ES256' });
    issuer.jwks.outage = true;
    const { app, port } = await listen(issuer, adapter());
    const ask = (token: string) =>
      fetch(`http://127.0.0.1:${port}/dashboard`, { headers: { authorization: `Bearer ${token}` } });

    const down = await ask(issuer.token());
    expect([down.status, down.headers.get('retry-after')]).toEqual([503, '5']);
    await expect(down.json()).resolves.toMatchObject({ code: 'KEYS_UNAVAILABLE', status: 503 });
    expect((await ask('junk')).status).toBe(401);

    issuer.jwks.outage = false;
    issuer.clock.advance(2);
    expect((await ask(issuer.token())).status).toBe(200);
    issuer.jwks.outage = true;
    expect((await ask(issuer.token())).status).toBe(200);
    await app.close();
    await issuer.stop();
  });
});

async function listen(issuer: FakeIssuer, adapter: FastifyAdapter | ExpressAdapter) {
  const module = await Test.createTestingModule({
    imports: [JwtSharedModule.forRootAsync({ useFactory: () => issuer.options() })],
    controllers: [Routes, PublicRoutes, OpenChild, ClosedChild, Tasks],
  }).compile();
  const app = module.createNestApplication(adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, port };
}
