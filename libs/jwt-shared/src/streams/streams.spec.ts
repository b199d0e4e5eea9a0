import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Req, Sse, type INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { interval, map } from 'rxjs';
import { WebSocket } from 'ws';
import type { AuthenticatedRequest } from '../authenticated-request.js';
import { keepHandshake } from '../contexts/ws.context.js';
import { Fresh } from '../decorators/fresh.decorator.js';
import { Public } from '../decorators/public.decorator.js';
import { AccessTokenVerifier } from '../access-token.verifier.js';
import { JwtSharedModule } from '../jwt-shared.module.js';
import { JwksSource } from '../keys/jwks.source.js';
import { RevocationFreshness } from '../revocation/revocation-freshness.js';
import { FakeIssuer } from '../testing/index.js';
import { TokenStanding } from '../token-standing.js';
import { streamOf } from './stream-end.js';
import { TokenWatchService } from './token-watch.service.js';

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('hello')
  hello() {
    return { event: 'hello', data: 'hello' };
  }
}

@Controller()
class Routes {
  @Sse('events')
  events() {
    return interval(20).pipe(map((data) => ({ data })));
  }

  @Fresh()
  @Sse('fresh')
  fresh() {
    return interval(20).pipe(map((data) => ({ data })));
  }

  @Public()
  @Sse('public')
  open() {
    return interval(20).pipe(map((data) => ({ data })));
  }

  @Get('answer')
  answer(@Req() request: AuthenticatedRequest) {
    return { userId: request.user.userId };
  }
}

describe.each<[string, () => FastifyAdapter | ExpressAdapter]>([
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
])('what a token has opened on %s', (_, adapter) => {
  let issuer: FakeIssuer;
  let app: INestApplication;
  let watch: TokenWatchService;
  let age: number;
  let port: number;
  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    age = 0;
    const revocations = Object.assign(issuer.revocations, { age: () => age });
    const module = await Test.createTestingModule({
      imports: [
        JwtSharedModule.forRootAsync({
          useFactory: () => issuer.options({ revocations, maxRevocationAge: 30 }),
        }),
      ],
      controllers: [Routes],
      providers: [Gateway],
    }).compile();
    app = module.createNestApplication(adapter(), { logger: false });
    app.useWebSocketAdapter(keepHandshake(new WsAdapter(app)));
    await app.listen(0, '127.0.0.1');
    ({ port } = app.getHttpServer().address() as AddressInfo);
    watch = app.get(TokenWatchService);
  });
  afterEach(async () => {
    await app.close();
    await issuer.stop();
  });

  const authorization = (claims: object) => ({ authorization: `Bearer ${issuer.token({ ...claims })}` });

  async function openEvents(path: string, claims: object = {}) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: authorization(claims) });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    await reader?.read();
    /** Reads until the server has ended it. */
    const end = async () => {
      while (!(await reader?.read())?.done);
      return 'ended';
    };
    return { end, cancel: () => reader?.cancel() };
  }

  async function openSocket(claims: object) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: authorization(claims) });
    await once(socket, 'open');
    const hello = async () => {
      socket.send(JSON.stringify({ event: 'hello', data: {} }));
      await once(socket, 'message');
    };
    await hello();
    const closed = once(socket, 'close').then(([code, reason]) => [code as number, String(reason)]);
    return { hello, closed, socket };
  }

  const ends: [string, () => void, string][] = [
    ['its session is revoked', () => issuer.revokeSession('ends'), 'Invalid token'],
    ['its user is cut off', () => issuer.revokeUser('ada'), 'Invalid token'],
    ['the rights of its user have changed', () => issuer.cutOff('stale-user', 'ada'), 'Token expired'],
    ['it has expired', () => issuer.clock.advance(310), 'Token expired'],
    ['nothing is known of revocations any more', () => (age = 31), 'Try again later'],
  ];

  it.each(ends)('server-sent events end when %s, while others go on', async (__, happen) => {
    const ada = await openEvents('/events', { sub: 'ada', sid: 'ends' });
    const eve = await openEvents('/events', { sub: 'eve', exp: issuer.clock.now() / 1000 + 3000 });
    expect(watch.size).toBe(2);
    happen();
    await expect(ada.end()).resolves.toBe('ended');
    if (age === 0) expect(watch.size).toBe(1);
    await eve.cancel();
  });

  it('server-sent events of a @Fresh() route end when it would let nobody in', async () => {
    const fresh = await openEvents('/fresh');
    const events = await openEvents('/events');
    age = 6;
    await expect(fresh.end()).resolves.toBe('ended');
    expect(watch.size).toBe(1);
    await events.cancel();
  });

  it.each(ends)('a WebSocket is closed when %s', async (__, happen, reason) => {
    const ada = await openSocket({ sub: 'ada', sid: 'ends' });
    await ada.hello();
    expect(watch.size).toBe(1);
    happen();
    await expect(ada.closed).resolves.toEqual([reason === 'Try again later' ? 1013 : 4401, reason]);
  });

  it('a WebSocket is closed over which nothing was ever sent', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: authorization({ sid: 'ends' }) });
    const closed = once(socket, 'close');
    await once(socket, 'open');
    while (watch.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    issuer.revokeSession('ends');
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([4401, 'Invalid token']);
  });

  it.each([undefined, 'Bearer junk'])('a WebSocket with the token %s is left to the guard', async (value) => {
    const headers = value === undefined ? {} : { authorization: value };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers });
    await once(socket, 'open');
    socket.send(JSON.stringify({ event: 'hello', data: {} }));
    const [answer] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(answer.toString())).toMatchObject({ event: 'exception', data: { status: 401 } });
    expect([watch.size, socket.readyState]).toEqual([0, WebSocket.OPEN]);
    socket.terminate();
  });

  it('a WebSocket whose peer does not answer the close is cut', async () => {
    const { socket } = await openSocket({ sid: 'ends' });
    const { _socket: raw } = socket as unknown as {
      _socket: EventEmitter & { pause(): void; resume(): void };
    };
    raw.pause();
    issuer.revokeSession('ends');
    while (watch.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const connections = () =>
      new Promise<number>((resolve) => {
        const server = app.getHttpServer() as {
          getConnections(done: (error: unknown, count: number) => void): void;
        };
        server.getConnections((___, count) => resolve(count));
      });
    while ((await connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await connections()).toBe(0);
    raw.resume();
  });

  it('is not watched any longer than it is open, nor at all when anyone may have it', async () => {
    const ada = await openEvents('/events');
    const socket = await openSocket({});
    const open = await openEvents('/public');
    expect(watch.size).toBe(2);
    await ada.cancel();
    socket.socket.close();
    await open.cancel();
    while (watch.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(watch.size).toBe(0);
  });

  it('is nothing for an ordinary answer', async () => {
    await fetch(`http://127.0.0.1:${port}/answer`, { headers: authorization({}) });
    expect(watch.size).toBe(0);
  });

  it('ends what can be ended, though something else cannot', async () => {
    const ended: string[] = [];
    watch.watch(FakeIssuer.accessToken(), () => {
      throw new Error('it will not end');
    });
    watch.watch(FakeIssuer.accessToken(), (reason) => ended.push(reason));
    while (watch.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ended).toEqual(['Invalid token']);
  });

  it('tells a handler that asks for it, once', async () => {
    const reasons: string[] = [];
    // Nothing stands for a token that the verifier has not made.
    watch.watch(FakeIssuer.accessToken(), (reason) => reasons.push(reason));
    while (reasons.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect([reasons, watch.size]).toEqual([['Invalid token'], 0]);
  });
});

describe('while there are no keys to judge a token by', () => {
  it('a stream ends as a request is refused: its token may well be good', async () => {
    const issuer = await FakeIssuer.start({ algorithm: 'ES256' });
    const { clock, jwks } = issuer;
    const keys = new JwksSource({ url: jwks.url, algorithm: 'ES256', clock, hardLimit: 60 });
    const verifier = new AccessTokenVerifier(issuer.verifierOptions(), keys, issuer.revocations, clock);
    const standing = new TokenStanding(5, keys, issuer.revocations, clock);
    const watch = new TokenWatchService(standing, new RevocationFreshness(issuer.revocations));
    const token = await verifier.verify(issuer.token());
    const ended = new Promise((resolve) => watch.watch(token, resolve));
    jwks.outage = true;
    clock.advance(61);
    await expect(ended).resolves.toBe('Try again later');
    keys.stop();
    await issuer.stop();
  });
});

describe('the stream of a call', () => {
  const contextOf = (type: string, args: unknown[]) =>
    ({ getType: () => type, getArgByIndex: (index: number) => args[index] }) as never;

  it('is the socket of Socket.IO, which is disconnected for good', () => {
    const calls: unknown[] = [];
    const socket = Object.assign(new EventEmitter(), {
      disconnect: (isForever: boolean) => calls.push(isForever),
    });
    const stream = streamOf(contextOf('ws', [socket]));
    stream?.end('Token expired');
    expect([stream?.closeEvent, calls]).toEqual(['disconnect', [true]]);
  });

  it('is the WebSocket of graphql-ws, or the connection of another subscription', () => {
    const calls: unknown[] = [];
    const socket = Object.assign(new EventEmitter(), {
      close: (...args: unknown[]) => calls.push(args),
      destroy: () => calls.push('destroyed'),
    });
    streamOf(contextOf('graphql', [{}, {}, { extra: { socket } }]))?.end('Invalid token');
    streamOf(contextOf('graphql', [{}, {}, { req: { raw: { socket } } }]))?.end('Invalid token');
    expect(calls).toEqual([[4401, 'Invalid token'], 'destroyed']);
  });

  it('is nothing where there is none', () => {
    expect(streamOf(contextOf('rpc', [{}, {}]))).toBeUndefined();
    expect(streamOf(contextOf('graphql', [{}, {}, {}]))).toBeUndefined();
  });
});
