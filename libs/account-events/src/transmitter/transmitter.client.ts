import type { JWK } from 'jose';

/** A poll waits so long at the server, and some more on the way. */
const POLL_TIMEOUT_MS = 40_000;
const TIMEOUT_MS = 10_000;
/** A thousand events. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** How a transmitter is reached. */
export interface TransmitterOptions {
  /** Base URL. */
  readonly authUrl: string;
  readonly issuer: string;
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

/** The transmitter did not do what it was asked for. */
export class TransmitterError extends Error {
  override readonly name = 'TransmitterError';

  constructor(
    readonly status: number,
    what: string,
    code: string | undefined,
  ) {
    super(`Auth answered ${status}${code === undefined ? '' : ` ${code}`} to ${what}`);
  }
}

/** Speaks to auth's stream of events (OpenID SSF 1.0, RFC 8936). No redirect is followed with the credential. */
export class TransmitterClient {
  constructor(private readonly options: TransmitterOptions) {}

  /**
   * Asks for events of some types, and opens the stream if there is none.
   *
   * @returns the key that signs the stream's events, where they are not signed with a published key
   */
  async configure(types: readonly string[]): Promise<JWK | undefined> {
    const path = '/ssf/streams';
    const { body: streams } = await this.call('GET', path);
    const [existing] = Array.isArray(streams) ? (streams as Record<string, unknown>[]) : [];
    const wanted = { events_requested: types };
    const stream = existing
      ? await this.call('PATCH', path, { ...wanted, stream_id: existing['stream_id'] })
      : await this.call('POST', path, { ...wanted, delivery: { method: 'urn:ietf:rfc:8936' } });
    const { iss, signing_key: key } = stream.body;
    if (iss !== this.options.issuer)
      throw new Error(
        `Auth's events are issued by ${JSON.stringify(iss)}, not ${this.options.issuer} (JWT_ISSUER)`,
      );
    return typeof key === 'object' && key !== null ? key : undefined;
  }

  async poll(poll: Poll, signal: AbortSignal): Promise<PollAnswer> {
    const { body } = await this.call('POST', '/ssf/poll', poll, signal);
    const { sets, moreAvailable } = body;
    if (typeof sets !== 'object' || sets === null) throw new Error('Auth answered a poll without sets');
    const entries = Object.entries(sets).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return { sets: new Map(entries), moreAvailable: moreAvailable === true };
  }

  private async call(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<{ body: Record<string, unknown> }> {
    const { authUrl, fetch, authorization } = this.options;
    const timeout = AbortSignal.timeout(signal ? POLL_TIMEOUT_MS : TIMEOUT_MS);
    const response = await fetch(authUrl.replace(/\/+$/, '') + path, {
      method,
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      headers: {
        accept: 'application/json',
        authorization: await authorization(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const answer = await read(response);
    if (!response.ok) throw new TransmitterError(response.status, `${method} ${path}`, codeOf(answer));
    return { body: answer };
  }
}

/** A body that is no JSON object is as good as an empty one: what is missing in it is noticed. */
async function read(response: Response): Promise<Record<string, unknown>> {
  const length = Number(response.headers.get('content-length') ?? 0);
  if (length > MAX_ANSWER_BYTES) throw new Error(`Auth answered with ${length} bytes`);
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function codeOf(body: Record<string, unknown>): string | undefined {
  const code = body['code'] ?? body['error'];
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : undefined;
}
