import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Req, UseGuards, type INestApplication } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Strategy } from 'passport';
import type { AddressInfo } from 'node:net';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { JwtSharedModule } from './jwt-shared.module.js';
import { FakeIssuer } from './testing/index.js';

/** A team's own strategy, which stands beside ours. */
@Injectable()
class ApiKeyStrategy extends PassportStrategy(Strategy, 'api-key') {
  override authenticate(request: { headers: Record<string, unknown> }): void {
    if (request.headers['x-api-key'] === 'right') this.success({ userId: 'a-machine' });
    else this.fail(401);
  }

  validate(): never {
    throw new Error('not called');
  }
}

@Controller()
class Routes {
  @UseGuards(AuthGuard('jwt'))
  @Get('alone')
  alone(@Req() request: AuthenticatedRequest) {
    return { userId: request.user.userId };
  }

  @UseGuards(AuthGuard(['api-key', 'jwt']))
  @Get('composed')
  composed(@Req() request: AuthenticatedRequest) {
    return { userId: request.user.userId };
  }
}

interface Running {
  readonly issuer: FakeIssuer;
  readonly app: INestApplication;
}

describe.each<[string, () => FastifyAdapter | ExpressAdapter]>([
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
])("AuthGuard('jwt') on %s, in two applications of one process", (_, adapter) => {
  let first: Running;
  let second: Running;
  beforeEach(async () => {
    first = await start();
    second = await start();
  });
  afterEach(async () => {
    for (const { app, issuer } of [first, second]) {
      await app.close();
      await issuer.stop();
    }
  });

  async function start(): Promise<Running> {
    const issuer = await FakeIssuer.start();
    const module = await Test.createTestingModule({
      imports: [JwtSharedModule.forRootAsync({ guard: false, useFactory: () => issuer.options() })],
      controllers: [Routes],
      providers: [ApiKeyStrategy],
    }).compile();
    const app = module.createNestApplication(adapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    return { issuer, app };
  }

  async function ask({ app }: Running, path: string, headers: Record<string, string>) {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return response.status === 200 ? ((await response.json()) as { userId: string }).userId : response.status;
  }
  const bearer = ({ issuer }: Running) => ({ authorization: `Bearer ${issuer.token({ sub: 'alice' })}` });

  it('takes the tokens of the issuer of each, and no other', async () => {
    for (const [own, other] of [
      [first, second],
      [second, first],
    ] as const) {
      await expect(ask(own, '/alone', bearer(own))).resolves.toBe('alice');
      await expect(ask(own, '/alone', bearer(other))).resolves.toBe(401);
      await expect(ask(own, '/alone', {})).resolves.toBe(401);
    }
  });

  it('works beside a strategy of another kind', async () => {
    await expect(ask(first, '/composed', { 'x-api-key': 'right' })).resolves.toBe('a-machine');
    await expect(ask(first, '/composed', bearer(first))).resolves.toBe('alice');
    await expect(ask(first, '/composed', bearer(second))).resolves.toBe(401);
    await expect(ask(first, '/composed', { 'x-api-key': 'wrong' })).resolves.toBe(401);
  });
});
