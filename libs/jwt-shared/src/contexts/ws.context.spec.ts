import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { UserId } from '../decorators/current-user.decorator.js';
import { Public } from '../decorators/public.decorator.js';
import { Scopes } from '../decorators/scopes.decorator.js';
import { JwtSharedModule } from '../jwt-shared.module.js';
import { FakeIssuer } from '../testing/index.js';
import { keepHandshake, wsCredential } from './ws.context.js';

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('who')
  who(@UserId() userId: string, @MessageBody() body: unknown) {
    return { event: 'who', data: { userId, body } };
  }

  @Public()
  @SubscribeMessage('open')
  open() {
    return { event: 'open', data: 'open' };
  }

  @Scopes('admin')
  @SubscribeMessage('scoped')
  scoped() {
    return { event: 'scoped', data: 'scoped' };
  }
}

describe.each([
  ['with its handshake kept', true],
  ['without', false],
])('the guard on a WebSocket gateway (ws) %s', (_, isKept) => {
  let issuer: FakeIssuer;
  let app: INestApplication;
  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    const module = await Test.createTestingModule({
      imports: [JwtSharedModule.forRootAsync({ useFactory: () => issuer.options() })],
      providers: [Gateway],
    }).compile();
    app = module.createNestApplication(new FastifyAdapter(), { logger: false });
    const adapter = new WsAdapter(app);
    app.useWebSocketAdapter(isKept ? keepHandshake(adapter) : adapter);
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app.close();
    await issuer.stop();
  });

  async function open(authorization?: string) {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, {
      headers: authorization ? { authorization } : {},
    });
    await once(socket, 'open');
    const ask = async (event: string, data: unknown = {}) => {
      socket.send(JSON.stringify({ event, data }));
      const [answer] = (await once(socket, 'message')) as [Buffer];
      return JSON.parse(answer.toString()) as unknown;
    };
    return { ask, close: () => socket.terminate() };
  }
  const refusal = (code: string) => ({
    event: 'exception',
    data: expect.objectContaining({ code, type: 'about:blank' }),
  });

  it('answers a public message to anyone', async () => {
    const { ask, close } = await open();
    await expect(ask('open')).resolves.toEqual({ event: 'open', data: 'open' });
    close();
  });

  it('refuses every other message of a connection without a token, one in its data too', async () => {
    const { ask, close } = await open();
    const token = issuer.token();
    await expect(ask('who')).resolves.toEqual(refusal('UNAUTHORIZED'));
    await expect(ask('who', { authorization: `Bearer ${token}`, token })).resolves.toEqual(
      refusal('UNAUTHORIZED'),
    );
    close();
  });

  it('knows the user by the token of the handshake, for each message anew', async () => {
    const { ask, close } = await open(`Bearer ${issuer.token({ sub: 'alice', sid: `ws-${isKept}` })}`);
    if (isKept) {
      for (let i = 0; i < 2; i++) {
        await expect(ask('who', i)).resolves.toEqual({ event: 'who', data: { userId: 'alice', body: i } });
      }
      await expect(ask('scoped')).resolves.toEqual(refusal('INSUFFICIENT_SCOPE'));
      issuer.revokeSession(`ws-${isKept}`);
      await expect(ask('who')).resolves.toEqual(refusal('INVALID_TOKEN'));
    } else {
      await expect(ask('who')).resolves.toEqual(refusal('UNAUTHORIZED'));
    }
    close();
  });

  it('refuses a bad token', async () => {
    const { ask, close } = await open('Bearer junk');
    await expect(ask('who')).resolves.toEqual(refusal(isKept ? 'INVALID_TOKEN' : 'UNAUTHORIZED'));
    close();
  });
});

describe('a Socket.IO socket', () => {
  it('carries the request of its handshake', () => {
    expect(wsCredential({ request: { rawHeaders: ['Authorization', 'Bearer abc'] } })).toBe('abc');
    expect(wsCredential({ request: { rawHeaders: [] } })).toBeUndefined();
    expect(wsCredential({})).toBeUndefined();
  });
});
