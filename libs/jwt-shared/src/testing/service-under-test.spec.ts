import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AllowClients, Fresh, JwtSharedModule, Public, Roles, Scopes, UserId } from '../index.js';
import { FakeIssuer, TestClock, type FakeIssuerOptions } from './index.js';

@Controller()
class Routes {
  @Public()
  @Get('open')
  open() {
    return {};
  }

  @AllowClients('reports')
  @Get('report')
  report() {
    return {};
  }

  @Get('me')
  me(@UserId() userId: string) {
    return { userId };
  }

  @Roles('admin')
  @Get('admin')
  admin() {
    return {};
  }

  @Scopes('orders:read')
  @Get('orders')
  orders() {
    return {};
  }

  @Fresh()
  @Get('fresh')
  fresh() {
    return {};
  }
}

/** As a service has it: nothing in it is for tests, and its environment is empty. */
@Module({ imports: [JwtSharedModule.forRoot()], controllers: [Routes] })
class AppModule {}

describe('a service whose tests have a fake issuer', () => {
  let issuer: FakeIssuer;
  let app: NestFastifyApplication;
  beforeEach(() => start());
  afterEach(() => end());

  async function start(options?: FakeIssuerOptions): Promise<void> {
    issuer = await FakeIssuer.start(options);
    const module = await issuer.trustedBy(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.init();
  }
  async function end(): Promise<void> {
    await app.close();
    await issuer.stop();
  }
  const get = async (url: string, headers = {}) => (await app.inject({ url, headers })).statusCode;

  it('lets users in, by the id that the test gives or one of their own', async () => {
    expect(await get('/open')).toBe(200);
    expect(await get('/me')).toBe(401);
    const answer = await app.inject({ url: '/me', headers: issuer.asUser({ id: 'ada' }) });
    expect(answer.json()).toEqual({ userId: 'ada' });
    expect(await get('/me', issuer.asUser())).toBe(200);
  });

  it('has the roles and scopes of a user checked', async () => {
    expect(await get('/admin', issuer.asUser({ roles: ['support'] }))).toBe(403);
    expect(await get('/admin', issuer.asUser({ roles: ['admin'] }))).toBe(200);
    expect(await get('/orders', issuer.asUser({ scopes: ['orders:write'] }))).toBe(403);
    expect(await get('/orders', issuer.asUser({ scopes: ['orders:write', 'orders:read'] }))).toBe(200);
  });

  it('tells clients from users', async () => {
    expect(await get('/report', issuer.asClient({ id: 'reports' }))).toBe(200);
    expect(await get('/report', issuer.asClient({ id: 'stranger' }))).toBe(403);
    expect(await get('/orders', issuer.asClient({ id: 'reports', scopes: ['orders:read'] }))).toBe(403);
  });

  it('forgets a session that is ended, and a token that runs out by the clock of the test', async () => {
    const [ended, expired] = [issuer.asUser({ sessionId: 'a' }), issuer.asUser({ sessionId: 'b' })];
    expect([await get('/me', ended), await get('/me', expired)]).toEqual([200, 200]);
    issuer.revokeSession('a');
    expect([await get('/me', ended), await get('/me', expired)]).toEqual([401, 200]);
    issuer.clock.advance(306);
    expect(await get('/me', expired)).toBe(401);
  });

  it('goes on through an outage of the feed, except on fresh routes, and hears of the rest afterwards', async () => {
    issuer.revocations.outage = true;
    const headers = issuer.asUser({ sessionId: 'missed' });
    issuer.revokeSession('missed');
    expect([await get('/me', headers), await get('/fresh', headers)]).toEqual([200, 200]);
    issuer.clock.advance(6);
    expect([await get('/me', headers), await get('/fresh', headers)]).toEqual([200, 503]);
    issuer.revocations.outage = false;
    expect([await get('/me', headers), await get('/fresh', headers)]).toEqual([401, 401]);
  });

  it('answers 503 while no key was ever known', async () => {
    await end();
    const clock = new TestClock();
    issuer = await FakeIssuer.start({ algorithm: 'ES256', clock });
    issuer.jwks.outage = true;
    const module = await issuer.trustedBy(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.init();
    expect(await get('/me', issuer.asUser())).toBe(503);
    issuer.jwks.outage = false;
    clock.advance(5);
    expect(await get('/me', issuer.asUser())).toBe(200);
  });
});
