import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import {
  ClientProxyFactory,
  EventPattern,
  KafkaContext,
  MessagePattern,
  NatsContext,
  Payload,
  RedisContext,
  RmqContext,
  Transport,
  type ClientProxy,
} from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { firstValueFrom } from 'rxjs';
import { UserId } from '../decorators/current-user.decorator.js';
import { Public } from '../decorators/public.decorator.js';
import { Roles } from '../decorators/roles.decorator.js';
import { JwtSharedModule } from '../jwt-shared.module.js';
import { GuardStatistics } from '../metrics/guard-statistics.js';
import { FakeIssuer } from '../testing/index.js';
import { rpcCredential } from './rpc.context.js';

const events: unknown[] = [];

@Controller()
class Handlers {
  @MessagePattern('who')
  who(@UserId() userId: string, @Payload() data: unknown) {
    return { userId, data };
  }

  @Public()
  @MessagePattern('open')
  open() {
    return 'open';
  }

  @Roles('admin')
  @MessagePattern('admin')
  admin() {
    return 'admin';
  }

  @EventPattern('happened')
  happened(@UserId() userId: string) {
    events.push(userId);
  }
}

describe.each([
  ['that inherits the configuration of its application', true],
  ['of a hybrid application without inheritAppConfig', false],
])('the guard on a microservice (TCP) %s', (_name, inheritAppConfig) => {
  let issuer: FakeIssuer;
  let app: INestApplication;
  let client: ClientProxy;
  let metadata: unknown;
  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    const module = await Test.createTestingModule({
      imports: [JwtSharedModule.forRootAsync({ useFactory: () => issuer.options() })],
      controllers: [Handlers],
    }).compile();
    app = module.createNestApplication(new FastifyAdapter(), { logger: false });
    const options = { host: '127.0.0.1', port: await freePort() };
    app.connectMicroservice({ transport: Transport.TCP, options }, { inheritAppConfig });
    await app.startAllMicroservices();
    events.length = 0;
    client = ClientProxyFactory.create({ transport: Transport.TCP, options });
    client.setOnDispatchHook((packet) => void Object.assign(packet, { metadata }));
  });
  afterAll(async () => {
    await client.close();
    await app.close();
    await issuer.stop();
  });

  const ask = (pattern: string, data: unknown = {}, sent?: unknown) => {
    metadata = sent;
    return firstValueFrom(client.send<unknown>(pattern, data));
  };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('knows the user by the token in the metadata of the packet, new and known', async () => {
    const sent = bearer(issuer.token({ sub: 'alice' }));
    for (let i = 0; i < 2; i++)
      await expect(ask('who', i, sent)).resolves.toEqual({ userId: 'alice', data: i });
  });

  it('counts each message once', async () => {
    const { outcomes } = app.get(GuardStatistics);
    const before = outcomes.accepted;
    await ask('who', {}, bearer(issuer.token()));
    expect(outcomes.accepted).toBe(before + 1);
  });

  it('answers a public pattern to anyone', async () => {
    await expect(ask('open')).resolves.toBe('open');
  });

  it.each<[string, (issuer: FakeIssuer) => unknown, string]>([
    ['no metadata', () => undefined, 'UNAUTHORIZED'],
    ['metadata without a token', () => ({}), 'UNAUTHORIZED'],
    [
      'two tokens',
      (by) => ({ authorization: [`Bearer ${by.token()}`, `Bearer ${by.token()}`] }),
      'UNAUTHORIZED',
    ],
    ['a token without scheme', (by) => ({ authorization: by.token() }), 'UNAUTHORIZED'],
    ['junk', () => bearer('junk'), 'INVALID_TOKEN'],
    ['an expired token', (by) => bearer(by.expiredToken()), 'TOKEN_EXPIRED'],
    ['a revoked token', (by) => bearer(by.revokedToken()), 'INVALID_TOKEN'],
  ])('refuses %s', async (_, sent, code) => {
    await expect(ask('who', {}, sent(issuer))).rejects.toMatchObject({
      code,
      status: 401,
      type: 'about:blank',
    });
  });

  it('refuses a token in the data', async () => {
    const token = issuer.token();
    await expect(ask('who', { ...bearer(token), token })).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('asks for roles', async () => {
    await expect(ask('admin', {}, bearer(issuer.token()))).rejects.toMatchObject({
      code: 'INSUFFICIENT_SCOPE',
    });
    await expect(ask('admin', {}, bearer(issuer.token({ roles: ['admin'] })))).resolves.toBe('admin');
  });

  it('keeps events without a token from their handler', async () => {
    for (const sent of [undefined, bearer('junk'), bearer(issuer.token({ sub: 'bob' }))]) {
      metadata = sent;
      await firstValueFrom(client.emit('happened', {}), { defaultValue: undefined });
    }
    await ask('open');
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).toEqual(['bob']);
  });
});

describe('the credential of other transports', () => {
  const value = 'Bearer abc';
  it.each<[string, object, string | undefined]>([
    ['gRPC', new Map([['authorization', [value]]]), 'abc'],
    ['gRPC with two', new Map([['authorization', [value, value]]]), undefined],
    ['gRPC with none', new Map([['authorization', []]]), undefined],
    ['Kafka', new KafkaContext([{ headers: { authorization: Buffer.from(value) } }] as never), 'abc'],
    [
      'Kafka with two',
      new KafkaContext([{ headers: { authorization: [value, value] } }] as never),
      undefined,
    ],
    [
      'RabbitMQ',
      new RmqContext([{ properties: { headers: { authorization: value } } }, {}, ''] as never),
      'abc',
    ],
    [
      'RabbitMQ without',
      new RmqContext([{ properties: {}, headers: { authorization: value } }, {}, ''] as never),
      undefined,
    ],
    ['NATS', new NatsContext(['subject', { values: () => [value] }] as never), 'abc'],
    ['NATS without headers', new NatsContext(['subject', undefined] as never), undefined],
    ['Redis', new RedisContext(['channel'] as never), undefined],
    ['something unknown', {}, undefined],
  ])('is where %s has it', (_, context, credential) => {
    expect(rpcCredential(context)).toBe(credential);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
