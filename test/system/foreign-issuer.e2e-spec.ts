import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Controller, Get, Module } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  AllowClients,
  JwtSharedModule,
  Principal,
  Scopes,
  UserId,
  type UserPrincipal,
} from '@signet/jwt-shared';
import { request } from '../support/http.js';
import { startOidcProvider, type ForeignIssuer } from '../support/oidc-provider.js';

@Controller()
class Routes {
  @Get('me')
  me(@UserId() userId: string) {
    return { userId };
  }

  @Scopes('orders:read')
  @AllowClients()
  @Get('orders')
  orders(@Principal() { kind }: UserPrincipal) {
    return { kind };
  }
}

describe('a service that trusts an oidc-provider', () => {
  let provider: ForeignIssuer;
  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    provider = await startOidcProvider();
    @Module({
      imports: [
        JwtSharedModule.forRoot({
          issuer: provider.issuer,
          audience: provider.audience,
          profile: 'oidc',
          algorithms: ['RS256'],
          revocations: false,
        }),
      ],
      controllers: [Routes],
    })
    class AppModule {}
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication(new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await provider.stop();
  });

  const get = (path: string, token?: string) => request('GET', `${url}${path}`, { token });

  it('lets its users in', async () => {
    const answer = await get('/me', await provider.tokenOf('ada'));
    expect([answer.status, answer.body]).toEqual([200, { userId: 'ada' }]);
    expect((await get('/me')).status).toBe(401);
  });

  it('has scopes checked, of users and of clients that call for themselves', async () => {
    expect((await get('/orders', await provider.tokenOf('ada', ''))).status).toBe(403);
    expect((await get('/orders', await provider.tokenOf('ada', 'orders:read'))).body).toEqual({
      kind: 'user',
    });
    const own = await provider.tokenOfClient('orders:read');
    expect((await get('/orders', own)).body).toEqual({ kind: 'client' });
    expect((await get('/me', own)).body['code']).toBe('USER_REQUIRED');
  });

  it('refuses what the provider has made for another API, and its ID tokens', async () => {
    const other = await provider.tokenOf('ada', 'orders:read', 'https://invoices.example.com');
    expect((await get('/me', other)).body['code']).toBe('INVALID_TOKEN');
    expect((await get('/me', await provider.idTokenOf('ada'))).body['code']).toBe('INVALID_TOKEN');
  });
});
