import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { GraphQLModule, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { UserId } from '../decorators/current-user.decorator.js';
import { Public } from '../decorators/public.decorator.js';
import { Scopes } from '../decorators/scopes.decorator.js';
import { JwtSharedModule } from '../jwt-shared.module.js';
import { FakeIssuer } from '../testing/index.js';
import { graphqlRequest } from './graphql.context.js';

@Resolver()
class Resolvers {
  @Query(() => String)
  whoAmI(@UserId() userId: string) {
    return userId;
  }

  @Public()
  @Query(() => String)
  open() {
    return 'open';
  }

  @Subscription(() => String)
  async *ticks() {
    for (;;) {
      await delay(20);
      yield { ticks: 'tick' };
    }
  }

  @Scopes('write')
  @Mutation(() => String)
  change(@UserId() userId: string) {
    return userId;
  }
}

describe('the guard on GraphQL (Mercurius)', () => {
  let issuer: FakeIssuer;
  let app: INestApplication;
  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    const module = await Test.createTestingModule({
      imports: [
        JwtSharedModule.forRootAsync({ useFactory: () => issuer.options() }),
        GraphQLModule.forRoot<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          autoSchemaFile: true,
          subscription: true,
        }),
      ],
      providers: [Resolvers],
    }).compile();
    app = module.createNestApplication(new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app.close();
    await issuer.stop();
  });

  async function ask(query: string, token?: string) {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { data: unknown; errors?: unknown[] };
  }

  it('lets a good token in, new and known', async () => {
    const token = issuer.token({ sub: 'alice' });
    for (let i = 0; i < 2; i++) {
      await expect(ask('{ whoAmI, again: whoAmI }', token)).resolves.toEqual({
        data: { whoAmI: 'alice', again: 'alice' },
      });
    }
  });

  it('lets anyone ask a public query, and refuses the guarded one beside it', async () => {
    await expect(ask('{ open }')).resolves.toEqual({ data: { open: 'open' } });
    expect(JSON.stringify((await ask('{ open whoAmI }')).errors)).toContain('UNAUTHORIZED');
  });

  it.each([
    [undefined, 'Unauthorized', 'UNAUTHORIZED', 401],
    ['junk', 'Invalid token', 'INVALID_TOKEN', 401],
    ['expired', 'Token expired', 'TOKEN_EXPIRED', 401],
  ])('refuses %s with a code among the extensions', async (token, message, code, status) => {
    const { data, errors } = await ask('{ whoAmI }', token === 'expired' ? issuer.expiredToken() : token);
    expect(data).toBeNull();
    expect(errors).toEqual([expect.objectContaining({ message, extensions: { code, status } })]);
  });

  async function subscribe(token: string) {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { headers });
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: {} }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { ticks }' } }));
    const [answer] = (await once(socket, 'message')) as [Buffer];
    return { socket, answer: answer.toString() };
  }

  it('lets a good token subscribe, and ends the subscription with the token', async () => {
    const refused = await subscribe('junk');
    expect(refused.answer).toContain('INVALID_TOKEN');
    refused.socket.terminate();
    const { socket, answer } = await subscribe(issuer.token({ sid: 'ends' }));
    expect(answer).toContain('tick');
    const closed = once(socket, 'close');
    issuer.revokeSession('ends');
    await closed;
  });

  it('asks for scopes', async () => {
    const { errors } = await ask('mutation { change }', issuer.token());
    expect(errors).toEqual([
      expect.objectContaining({ extensions: { code: 'INSUFFICIENT_SCOPE', status: 403 } }),
    ]);
    await expect(ask('mutation { change }', issuer.token({ sub: 'a', scope: 'write' }))).resolves.toEqual({
      data: { change: 'a' },
    });
  });
});

describe('the request behind a resolver', () => {
  const request = { headers: {} };
  it.each([{ req: request }, { request }, { reply: { request } }, { extra: { request } }])(
    'is found in %j',
    (context) => {
      expect(graphqlRequest(context)).toBe(request);
    },
  );

  it.each([undefined, null, {}, 'x', { req: null }, { reply: {} }])('is not made up for %j', (context) => {
    expect(graphqlRequest(context)).toBeUndefined();
  });
});
