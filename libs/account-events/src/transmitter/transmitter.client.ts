import type { JWK } from 'jose';
import { faultOfError, faultOfStatus, notAuth, TransmitterFault } from './transmitter-fault.js';

/** A poll waits so long at the server, and some more on the way. */
const POLL_TIMEOUT_MS = 40_000;
const TIMEOUT_MS = 10_000;
/** A thousand events. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const STREAMS = '/ssf/streams';

/** How a transmitter is reached. */
export interface TransmitterOptions {
  /** Base URL. */
  readonly authUrl: string;
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Also the audience of the events. */
  readonly clientId: string;
  /** Gives the `Authorization` header of one request. */
  readonly authorization: () => string | Promise<string>;
  readonly fetch: typeof fetch;
}

/** What a receiver says in a poll (RFC 8936 §2.2). */
export interface Poll {
  readonly maxEvents: number;
  readonly returnImmediately: boolean;
  readonly ack: readonly string[];
  readonly setErrs: Readonly<Record<string, { readonly err: string; readonly description: string }>>;
}

/** What comes back (RFC 8936 §2.3). */
export interface PollAnswer {
  /** By `jti`, the oldest first. */
  readonly sets: ReadonlyMap<string, string>;
  readonly moreAvailable: boolean;
}

/** A stream as its receiver has configured it (OpenID SSF 1.0 §8.1.1). */
export interface Stream {
  readonly id: unknown;
  /** URIs of event types that a receiver has asked for; undefined: none has, and all types come. */
  readonly requested: readonly unknown[] | undefined;
}

/** Speaks to auth's stream of events (OpenID SSF 1.0, RFC 8936). No redirect is followed with the credential. */
export class TransmitterClient {
  constructor(private readonly options: TransmitterOptions) {}

  /** The stream of the client, if it has one. */
  async findStream(): Promise<Stream | undefined> {
    const body: unknown = await this.call('GET', STREAMS);
    const [stream] = Array.isArray(body) ? (body as Record<string, unknown>[]) : [];
    if (stream === undefined) return undefined;
    const { stream_id: id, events_requested: requested, events_supported: supported } = stream;
    const isChosen =
      Array.isArray(requested) && Array.isArray(supported) && requested.length < supported.length;
    return { id, requested: isChosen ? requested : undefined };
  }

  /**
   * Asks for events of some types, and opens the stream if there is none.
   *
   * @returns the key that signs the stream's events, where they are not signed with a published key
   */
  async configure(existing: Stream | undefined, types: readonly string[]): Promise<JWK | undefined> {
    const wanted = { events_requested: types };
    const { iss, signing_key: key } = existing
      ? await this.call('PATCH', STREAMS, { ...wanted, stream_id: existing.id })
      : await this.call('POST', STREAMS, { ...wanted, delivery: { method: 'urn:ietf:rfc:8936' } });
    if (iss !== this.options.issuer)
      throw new TransmitterFault(
        'issuer',
        `auth's events are issued by ${JSON.stringify(iss)}, and JWT_ISSUER is ${this.options.issuer}`,
      );
    return typeof key === 'object' && key !== null ? key : undefined;
  }

  async poll(poll: Poll, signal: AbortSignal): Promise<PollAnswer> {
    const { sets, moreAvailable } = await this.call('POST', '/ssf/poll', poll, signal);
    if (typeof sets !== 'object' || sets === null) throw notAuth('no sets', this.urlOf('/ssf/poll'));
    const entries = Object.entries(sets).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return { sets: new Map(entries), moreAvailable: moreAvailable === true };
  }

  /** @throws {TransmitterFault} unless auth has done what it was asked for */
  private async call(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>> {
    const { fetch, clientId } = this.options;
    const url = this.urlOf(path);
    const authorization = await this.authorize();
    const timeout = AbortSignal.timeout(signal ? POLL_TIMEOUT_MS : TIMEOUT_MS);
    try {
      const response = await fetch(url, {
        method,
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        headers: {
          accept: 'application/json',
          authorization,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const answer = parse(await textOf(response, url));
      if (!response.ok) throw faultOfStatus(response.status, url, { clientId, code: codeOf(answer) });
      if (answer === undefined) throw notAuth('no JSON', url);
      return answer;
    } catch (error) {
      throw faultOfError(error, url);
    }
  }

  private async authorize(): Promise<string> {
    try {
      return await this.options.authorization();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new TransmitterFault(code ?? 'credential', `the credential of this service: ${message}`);
    }
  }

  private urlOf(path: string): string {
    return this.options.authUrl.replace(/\/+$/, '') + path;
  }
}

/** The length that is announced may be missing. */
async function textOf({ body }: Response, url: string): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw notAuth(`more than ${MAX_ANSWER_BYTES} bytes`, url);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** @returns undefined for what is no JSON object or array */
function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(body: Record<string, unknown> | undefined): string | undefined {
  const code = body?.['code'] ?? body?.['error'];
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : undefined;
}
