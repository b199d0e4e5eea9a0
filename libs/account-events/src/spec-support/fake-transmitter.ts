import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { exportJWK, generateKeyPair, SignJWT, type GenerateKeyPairResult, type JWTPayload } from 'jose';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { EVENT_TYPES, type EventType } from '../account-event.js';
import { AccountEventsModule } from '../account-events.module.js';
import type { AccountEventsOptions } from '../account-events.options.js';

interface PollBody {
  readonly ack: string[];
  readonly setErrs: Record<string, { err: string }>;
  readonly maxEvents: number;
  readonly returnImmediately: boolean;
}

export const ISSUER = 'https://auth.example.org';
export const CLIENT = 'orders';

/** A transmitter of events by RFC 8936, without any code of auth's. */
export class FakeTransmitter {
  readonly polls: PollBody[] = [];
  readonly acknowledged: string[] = [];
  readonly refused = new Map<string, string>();
  requested: readonly string[] | undefined;
  /** How often a receiver has looked at its stream. */
  lookups = 0;
  authorization: string | undefined;
  private readonly waiting = new Map<string, string>();
  private wake: () => void = () => undefined;
  private isAway = false;
  private readonly receivers: INestApplicationContext[] = [];

  private constructor(
    private readonly keys: GenerateKeyPairResult,
    private readonly server = createServer((request, response) => void this.answer(request, response)),
  ) {}

  static async start(): Promise<FakeTransmitter> {
    const transmitter = new FakeTransmitter(await generateKeyPair('ES256'));
    transmitter.server.listen(0, '127.0.0.1');
    await once(transmitter.server, 'listening');
    return transmitter;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Starts a service that receives from here, until {@link stop}. */
  async startReceiver(handlers: Type, options: AccountEventsOptions): Promise<INestApplicationContext> {
    const told = { authUrl: this.url, issuer: ISSUER, clientId: CLIENT, clientSecret: 'secret', ...options };
    const service = {
      module: class Receiver {},
      imports: [AccountEventsModule.forRoot(told)],
      providers: [handlers],
    };
    const receiver = await NestFactory.createApplicationContext(service, { logger: false });
    this.receivers.push(receiver);
    return receiver;
  }

  async stop(): Promise<void> {
    await Promise.all(this.receivers.map((receiver) => receiver.close()));
    this.wake();
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Delivers an event about an account from now on, until it is acknowledged. @returns its `jti` */
  async tell(
    type: EventType,
    userId: string,
    changes: JWTPayload & { header?: object } = {},
  ): Promise<string> {
    const uri = EVENT_TYPES[type as keyof typeof EVENT_TYPES] ?? type;
    const { header, ...claims } = changes;
    const jti = randomUUID();
    const payload = {
      iss: ISSUER,
      aud: CLIENT,
      iat: Math.floor(Date.now() / 1000),
      jti,
      sub_id: { format: 'iss_sub', iss: ISSUER, sub: userId },
      events: { [uri]: {} },
      ...claims,
    };
    const token = await new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'secevent+jwt', ...header })
      .sign(this.keys.privateKey);
    this.deliver(jti, token);
    return jti;
  }

  deliver(jti: string, token: string): void {
    this.waiting.set(jti, token);
    this.wake();
  }

  /** Answers 503 until told otherwise. */
  goAway(isAway = true): void {
    this.isAway = isAway;
    this.wake();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/.well-known/jwks.json')
      return send(200, { keys: [{ ...(await exportJWK(this.keys.publicKey)), kid: 'one', alg: 'ES256' }] });
    this.authorization = request.headers.authorization;
    const body = request.method === 'GET' ? {} : await json(request);
    if (this.isAway) return send(503, { code: 'AWAY' });
    if (request.url === '/ssf/streams') {
      if (request.method === 'GET') this.lookups++;
      else this.requested = (body as { events_requested: string[] }).events_requested;
      const events_supported = Object.values(EVENT_TYPES);
      const events_requested = this.requested ?? events_supported;
      const stream = { stream_id: 'stream', iss: ISSUER, events_supported, events_requested };
      return send(200, request.method === 'GET' ? [stream] : stream);
    }
    send(200, await this.poll(body as PollBody));
  }

  private async poll(poll: PollBody): Promise<object> {
    this.polls.push(poll);
    for (const jti of poll.ack) {
      if (this.waiting.delete(jti)) this.acknowledged.push(jti);
    }
    for (const [jti, { err }] of Object.entries(poll.setErrs)) {
      if (this.waiting.delete(jti)) this.refused.set(jti, err);
    }
    if (this.waiting.size === 0 && !poll.returnImmediately)
      await new Promise<void>((resolve) => (this.wake = resolve));
    const sets = Object.fromEntries([...this.waiting].slice(0, poll.maxEvents));
    return { sets, moreAvailable: this.waiting.size > poll.maxEvents };
  }
}
