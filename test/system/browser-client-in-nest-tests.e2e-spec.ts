import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createClient } from '@signet/browser-client';
import { JwtSharedModule, UserId } from '@signet/jwt-shared';
import { FakeIssuer } from '@signet/jwt-shared/testing';

const SERVICE = 'http://service.test';

@Controller()
class Routes {
  @Get('me')
  me(@UserId() userId: string) {
    return { userId };
  }
}

@Module({ imports: [JwtSharedModule.forRoot()], controllers: [Routes] })
class AppModule {}

describe("the browser client in a service's own tests, with a fake issuer", () => {
  let issuer: FakeIssuer;
  let app: NestFastifyApplication;
  let refreshes: number;
  beforeEach(async () => {
    refreshes = 0;
    issuer = await FakeIssuer.start();
    const module = await issuer.trustedBy(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.init();
  });
  afterEach(async () => {
    await app.close();
    await issuer.stop();
  });

  /** Auth's answers by the issuer, and those of the service by the application itself: nothing listens anywhere. */
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { origin, pathname } = new URL(request.url);
    if (origin !== SERVICE) {
      if (pathname === '/auth/me') return Response.json({ user_id: 'ada' });
      if (pathname === '/auth/refresh') refreshes++;
      const access_token = issuer.token({ sub: 'ada', sid: `session-${refreshes}` });
      return Response.json({ access_token, expires_in: 300, refresh_token: 'next' });
    }
    const headers = Object.fromEntries(request.headers);
    const { body, statusCode, headers: told } = await app.inject({ method: 'GET', url: pathname, headers });
    return new Response(body, { status: statusCode, headers: told as Record<string, string> });
  };

  it('calls the service as the user, and renews its token when the guard refuses that', async () => {
    const client = createClient({ authUrl: 'http://auth.test', origins: [SERVICE], fetch: send });
    const call = async () => {
      const answer = await client.fetch(`${SERVICE}/me`);
      return [answer.status, refreshes, ((await answer.json()) as { userId?: string }).userId];
    };
    await client.login({ email: 'ada@example.com', password: 'a long and quiet evening' });
    expect(await call()).toEqual([200, 0, 'ada']);
    issuer.revokeSession('session-0');
    expect(await call()).toEqual([200, 1, 'ada']);
    issuer.cutOff('stale-user', 'ada');
    issuer.clock.advance(2);
    expect(await call()).toEqual([200, 2, 'ada']);
  });
});
