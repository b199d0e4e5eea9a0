import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { request, type Answer } from './http.js';
import { addClient, type RegisteredClient } from './oauth.js';
import { newKeyRing } from './secrets.js';
import type { Environment, RunningService } from './service.js';
import { issuerHere, type AuthReplicas } from './sessions.js';

/** What a receiver reads of a security event token. */
export interface ReceivedEvent {
  readonly jti: string;
  /** The last part of the event type URI. */
  readonly type: string;
  readonly claims: Record<string, unknown>;
  readonly subject: Record<string, unknown>;
  /** The account's id, of a session's too. */
  readonly userId: string | undefined;
  readonly payload: JWTPayload;
}

interface PollAnswer {
  readonly sets: Record<string, string>;
  readonly moreAvailable: boolean;
}

/** A receiver of events by RFC 8936, RFC 8417 and OpenID SSF 1.0 alone: discovery, JWK set and polls, no code of ours. */
export class EventReceiver {
  private constructor(
    private readonly metadata: Readonly<Record<string, string>>,
    private readonly pollUrl: string,
    private readonly clientId: string,
    private readonly authorization: string,
    private readonly keys: ReturnType<typeof createRemoteJWKSet>,
  ) {}

  /** @param issuer where the transmitter's metadata is */
  static async discover(
    issuer: string,
    { client_id, client_secret }: { readonly client_id: string; readonly client_secret: string },
  ): Promise<EventReceiver> {
    const { body: metadata } = await request<Record<string, string>>(
      'GET',
      `${issuer}/.well-known/ssf-configuration`,
    );
    if (metadata['issuer'] !== issuer) throw new Error(`the issuer is ${metadata['issuer']}`);
    const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
    const { body: streams } = await request<{ delivery: { method: string; endpoint_url: string } }[]>(
      'GET',
      metadata['configuration_endpoint']!,
      { headers: { authorization } },
    );
    const keys = createRemoteJWKSet(new URL(metadata['jwks_uri']!));
    return new EventReceiver(metadata, streams[0]!.delivery.endpoint_url, client_id, authorization, keys);
  }

  call<T = Record<string, unknown>>(method: string, endpoint: string, body?: unknown): Promise<Answer<T>> {
    return request<T>(method, this.metadata[endpoint]!, {
      headers: { authorization: this.authorization },
      ...(body !== undefined && { body }),
    });
  }

  ask(body: unknown): Promise<Answer<PollAnswer>> {
    return request<PollAnswer>('POST', this.pollUrl, {
      headers: { authorization: this.authorization },
      body,
    });
  }

  async poll(
    body: Readonly<Record<string, unknown>> = { returnImmediately: true },
  ): Promise<ReceivedEvent[]> {
    const answer = await this.ask(body);
    if (answer.status !== 200)
      throw new Error(`poll answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return Promise.all(Object.entries(answer.body.sets).map(([jti, token]) => this.read(jti, token)));
  }

  /** Polls and acknowledges until nothing is left. */
  async drain(): Promise<ReceivedEvent[]> {
    const all: ReceivedEvent[] = [];
    for (let ack: string[] = []; ;) {
      const events = await this.poll({ returnImmediately: true, ack });
      if (events.length === 0) return all;
      all.push(...events);
      ack = events.map(({ jti }) => jti);
    }
  }

  private async read(jti: string, token: string): Promise<ReceivedEvent> {
    const { payload } = await jwtVerify(token, this.keys, {
      issuer: this.metadata['issuer']!,
      audience: this.clientId,
      typ: 'secevent+jwt',
      requiredClaims: ['jti', 'iat', 'sub_id', 'events'],
    });
    if (payload.jti !== jti) throw new Error('the jti is another');
    const [[uri, claims] = ['', {}]] = Object.entries(
      payload['events'] as Record<string, Record<string, unknown>>,
    );
    const subject = payload['sub_id'] as Record<string, unknown>;
    const user = (subject['user'] ?? subject) as { sub?: string };
    const type = uri.slice(uri.lastIndexOf('/') + 1);
    return { jti, type, claims, subject, userId: user.sub, payload };
  }
}

/** An auth whose issuer is its own address, as a receiver that knows the standards alone needs it. */
export interface Transmitter {
  readonly auth: RunningService;
  readonly environment: Environment;
  readonly issuer: string;
  /** Registers a receiver. */
  addReceiver(id: string): Promise<{ client: RegisteredClient; receiver: EventReceiver }>;
}

export async function startTransmitter(
  replicas: AuthReplicas,
  settings: Environment = {},
): Promise<Transmitter> {
  const environment = { ...replicas.environment, ...(await issuerHere()), ...newKeyRing(), ...settings };
  const issuer = environment.JWT_ISSUER;
  const auth = await replicas.start(environment);
  return {
    auth,
    environment,
    issuer,
    addReceiver: async (id) => {
      const client = await addClient(id, `--audience ${id} --scope events`, environment);
      return { client, receiver: await EventReceiver.discover(issuer, client) };
    },
  };
}
