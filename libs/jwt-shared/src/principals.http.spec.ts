import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { AccessToken } from './access-token.js';
import { secondsOf } from './clock.js';
import { AllowClients } from './decorators/allow-clients.decorator.js';
import { CurrentUser, UserId } from './decorators/current-user.decorator.js';
import { Principal } from './decorators/principal.decorator.js';
import { Public } from './decorators/public.decorator.js';
import { RecentLogin } from './decorators/recent-login.decorator.js';
import { Roles } from './decorators/roles.decorator.js';
import { Scopes } from './decorators/scopes.decorator.js';
import { JwtSharedModule } from './jwt-shared.module.js';
import { FakeIssuer } from './testing/index.js';

function nameOf(caller: Principal): string {
  if (caller.kind === 'client') return caller.clientId;
  return caller.actor ? `${caller.actor.clientId} for ${caller.userId}` : caller.userId;
}

@Controller()
class Routes {
  @Get('users-only')
  usersOnly(@Principal() caller: Principal) {
    return { caller: nameOf(caller) };
  }

  @AllowClients()
  @Get('anyone')
  anyone(@Principal() caller: Principal) {
    return { caller: nameOf(caller) };
  }

  @AllowClients('reports')
  @Scopes('tasks:read')
  @Get('reports-only')
  reportsOnly(@Principal() caller: Principal) {
    return { caller: nameOf(caller) };
  }

  @AllowClients()
  @Get('asks-for-a-user')
  asksForUser(@UserId() userId: string) {
    return { userId };
  }

  @AllowClients()
  @Get('asks-for-a-users-token')
  asksForToken(@CurrentUser() user: AccessToken) {
    return { userId: user.userId };
  }

  @AllowClients()
  @RecentLogin(900)
  @Get('recent')
  recent() {
    return {};
  }

  @Roles('admin')
  @RecentLogin(900)
  @Get('recent-admin')
  recentAdmin() {
    return {};
  }

  @Public()
  @Get('open')
  open(@Principal() caller: Principal) {
    return { caller: nameOf(caller) };
  }
}

describe('who may call', () => {
  let issuer: FakeIssuer;
  let app: NestFastifyApplication;
  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    const module = await Test.createTestingModule({
      imports: [JwtSharedModule.forRootAsync({ useFactory: () => issuer.options() })],
      controllers: [Routes],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.init();
  });
  afterAll(async () => {
    await app.close();
    await issuer.stop();
  });

  async function get(path: string, token?: string) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await app.inject({ url: path, headers });
    const challenge = response.headers['www-authenticate'];
    return { status: response.statusCode, body: response.json<Record<string, unknown>>(), challenge };
  }
  /** Asked twice: by the verifier, then from the cache. */
  async function expectAnswer(path: string, token: string, expected: object): Promise<void> {
    for (let i = 0; i < 2; i++) expect(await get(path, token)).toMatchObject(expected);
  }
  const userRequired = { status: 403, body: { code: 'USER_REQUIRED' }, challenge: undefined };

  it('keeps a client that acts for nobody out of every route that does not allow it', async () => {
    const token = issuer.clientToken('reports', { scope: 'tasks:read', roles: ['admin'] });
    await expectAnswer('/users-only', token, userRequired);
    await expectAnswer('/recent-admin', token, userRequired);
    await expectAnswer('/reports-only', issuer.clientToken('billing', { scope: 'tasks:read' }), userRequired);
  });

  it('lets in the clients that a route allows, with the scopes that it demands', async () => {
    const token = issuer.clientToken('reports', { scope: 'tasks:read' });
    await expectAnswer('/anyone', token, { status: 200, body: { caller: 'reports' } });
    await expectAnswer('/reports-only', token, { status: 200, body: { caller: 'reports' } });
    const without = issuer.clientToken('reports');
    await expectAnswer('/reports-only', without, { status: 403, body: { code: 'INSUFFICIENT_SCOPE' } });
  });

  it('lets a client in that acts for a user, as that user', async () => {
    const token = issuer.token({ sub: 'ada', client_id: 'billing', act: { sub: 'billing' } });
    await expectAnswer('/users-only', token, { status: 200, body: { caller: 'billing for ada' } });
    await expectAnswer('/asks-for-a-user', token, { status: 200, body: { userId: 'ada' } });
  });

  it("never gives a handler a client's id for a user's", async () => {
    const token = issuer.clientToken('reports');
    await expectAnswer('/asks-for-a-user', token, userRequired);
    await expectAnswer('/asks-for-a-users-token', token, userRequired);
  });

  it('answers 500 where a public handler asks for the caller', async () => {
    expect((await get('/open')).status).toBe(500);
  });

  describe('after a login that is', () => {
    const login = (ago: number) =>
      issuer.token({ auth_time: secondsOf(issuer.clock) - ago, roles: ['admin'] });
    const again = {
      status: 401,
      body: { code: 'REAUTHENTICATION_REQUIRED', status: 401 },
      challenge: 'Bearer error="insufficient_user_authentication", max_age=900',
    };

    it('recent: in', async () => {
      await expectAnswer('/recent', login(900), { status: 200 });
      await expectAnswer('/recent-admin', login(0), { status: 200 });
    });

    it('older: to log in again', async () => {
      await expectAnswer('/recent', login(901), again);
      await expectAnswer('/recent-admin', login(901), again);
    });

    it('unknown, as a client has none: to log in again', async () => {
      await expectAnswer('/recent', issuer.token(), again);
      await expectAnswer('/recent', issuer.clientToken('reports'), again);
    });

    it('older, but without the role: refused for good', async () => {
      const token = issuer.token({ auth_time: 1 });
      await expectAnswer('/recent-admin', token, { status: 403, body: { code: 'INSUFFICIENT_SCOPE' } });
    });
  });

  describe('once rights have changed', () => {
    const stale = {
      status: 401,
      body: { code: 'TOKEN_STALE', detail: 'Token expired', title: 'Unauthorized' },
      challenge: 'Bearer error="invalid_token"',
    };

    it("a user's older token is stale, known or new, and the next one is good", async () => {
      const [known, fresh] = [issuer.token({ sub: 'demoted' }), issuer.token({ sub: 'demoted' })];
      await expectAnswer('/users-only', known, { status: 200 });
      issuer.cutOff('stale-user', 'demoted');
      await expectAnswer('/users-only', known, stale);
      await expectAnswer('/users-only', fresh, stale);
      issuer.clock.advance(1);
      await expectAnswer('/users-only', issuer.token({ sub: 'demoted' }), { status: 200 });
    });

    it('so are older tokens with the role, exchanged ones too', async () => {
      const token = issuer.token({ roles: ['user', 'support'], act: { sub: 'billing' } });
      await expectAnswer('/users-only', token, { status: 200 });
      issuer.cutOff('stale-role', 'support');
      await expectAnswer('/users-only', token, stale);
      await expectAnswer('/users-only', issuer.token({ roles: ['user'] }), { status: 200 });
    });
  });

  it('ends what a client holds and what it acts with when the client is cut off', async () => {
    const own = issuer.clientToken('hostile');
    const chain = issuer.token({ act: { sub: 'billing', act: { sub: 'hostile' } } });
    await expectAnswer('/anyone', own, { status: 200 });
    await expectAnswer('/anyone', chain, { status: 200 });
    issuer.cutOff('client', 'hostile');
    for (const token of [own, chain, issuer.clientToken('hostile')])
      await expectAnswer('/anyone', token, { status: 401, body: { code: 'INVALID_TOKEN' } });
    issuer.clock.advance(1);
    await expectAnswer('/anyone', issuer.clientToken('hostile'), { status: 200 });
  });
});
