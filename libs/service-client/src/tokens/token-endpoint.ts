import { Logger } from '@nestjs/common';
import { ServiceCallDenied, ServiceTokenUnavailable } from '../errors.js';
import type { ClientIdentity } from '../identity/client-identity.js';

/** A token that auth has issued. */
export interface IssuedToken {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** What a token is to be good for. */
export interface TokenTarget {
  /** As `services` names it, for messages. */
  readonly service: string;
  readonly audience: string;
  readonly scopes: readonly string[] | undefined;
}

export interface TokenEndpointOptions {
  readonly url: string;
  /** Undefined: this service has none, and gets no tokens. */
  readonly identity: ClientIdentity | undefined;
  readonly fetch: typeof fetch;
}

const TIMEOUT_MS = 5_000;
const TOLD_ONCE_IN_MS = 60_000;
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const NO_IDENTITY = 'this service has no CLIENT_SECRET, CLIENT_KEY_FILE or CLIENT_ASSERTION_FILE';

/** Asks auth for tokens (RFC 6749 §4.4, RFC 8693). */
export class TokenEndpoint {
  readonly #logger = new Logger('ServiceClient');
  readonly #toldAt = new Map<string, number>();

  constructor(private readonly options: TokenEndpointOptions) {}

  /**
   * @param subject the user's token, to act for that user; undefined: a token of this service's own
   * @throws {ServiceCallDenied} when auth refuses
   * @throws {ServiceTokenUnavailable} when auth cannot be asked
   */
  async request(target: TokenTarget, subject: string | undefined): Promise<IssuedToken> {
    const { service, audience, scopes } = target;
    const { identity } = this.options;
    if (!identity) throw new ServiceCallDenied(service, 'invalid_client', NO_IDENTITY);
    const form = new URLSearchParams({ audience });
    if (scopes !== undefined && scopes.length > 0) form.set('scope', scopes.join(' '));
    if (subject === undefined) form.set('grant_type', 'client_credentials');
    else {
      form.set('grant_type', TOKEN_EXCHANGE);
      form.set('subject_token', subject);
      form.set('subject_token_type', ACCESS_TOKEN);
    }
    const { status, body } = await this.#post(service, identity, form);
    try {
      return readAnswer(service, status, body);
    } catch (error) {
      if (error instanceof ServiceCallDenied && error.error === 'invalid_scope') this.#tell(error.message);
      throw error;
    }
  }

  /** The answer blames the user, who can lack a role or ask for a scope that this service has not been granted. */
  #tell(message: string): void {
    const now = performance.now();
    if (now - (this.#toldAt.get(message) ?? -Infinity) < TOLD_ONCE_IN_MS) return this.#logger.debug(message);
    this.#toldAt.set(message, now);
    this.#logger.warn(message);
  }

  async #post(service: string, identity: ClientIdentity, form: URLSearchParams) {
    try {
      const headers = new Headers({ accept: 'application/json' });
      await identity.authenticate(form, headers);
      const response = await this.options.fetch(this.options.url, {
        method: 'POST',
        headers,
        body: form,
        // Whoever answers must not choose where the credential goes.
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      throw new ServiceTokenUnavailable(service, `auth did not answer: ${reasonOf(error)}`, error);
    }
  }
}

function readAnswer(service: string, status: number, text: string): IssuedToken {
  const body = parse(text);
  const { access_token: token, expires_in: expiresIn, error, error_description: description } = body;
  if (status === 200 && typeof token === 'string' && typeof expiresIn === 'number')
    return { token, expiresIn };
  const words = typeof description === 'string' ? description : 'auth says no more';
  if (status < 500 && typeof error === 'string') throw new ServiceCallDenied(service, error, words);
  throw new ServiceTokenUnavailable(service, `auth answered ${status}`);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `fetch` wraps what happened in a "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || cause.name : message;
}
