import { Caller, type CurrentCall } from './caller.js';
import { ServiceCallDenied } from './errors.js';
import type { ServiceOptions } from './service-client.options.js';
import { TimeLimit } from './time-limit.js';
import { TokenCache, type TokenOwner } from './tokens/token-cache.js';
import type { TokenEndpoint } from './tokens/token-endpoint.js';

/** Calls a service: `fetch`, with a path below its URL. */
export interface ServiceFetch {
  /**
   * @param path below the service's base URL (`/tasks?limit=5`), or an absolute URL below it
   * @returns the answer, a redirect as it is: it is never followed with a token
   * @throws {ServiceCallDenied} when auth gives no token
   * @throws {ServiceTokenUnavailable} when auth cannot be asked
   * @throws {TypeError} for an address of another origin; nothing was sent then
   */
  fetch(path: string | URL, init?: RequestInit): Promise<Response>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** Segments without dots, and a query without anything that would have to be encoded. */
const PLAIN_PATH = /^(?:\/[\w~:@!$&'()*+,;=-]+)+(?:\?[\w~:@!$&()*+,;=/?.%-]*)?$/;

/** A service that this one calls: for the user of the current request, or as itself. */
export class ServiceClient implements ServiceFetch {
  readonly #base: URL;
  /** The base URL without the slash at its end. */
  readonly #prefix: string;
  readonly #limit: TimeLimit;
  readonly #tokens: TokenCache;
  readonly #self: ServiceFetch;

  /** @throws {TypeError} when the URL is not one */
  constructor(
    readonly name: string,
    options: ServiceOptions,
    endpoint: TokenEndpoint,
    maxTokens: number,
    private readonly doFetch: typeof fetch,
  ) {
    this.#base = baseOf(name, options.url);
    this.#prefix = this.#base.origin + this.#base.pathname.slice(0, -1);
    this.#limit = new TimeLimit(options.timeout ?? DEFAULT_TIMEOUT_MS);
    const target = { service: name, audience: options.audience ?? name, scopes: options.scopes };
    this.#tokens = new TokenCache((subject) => endpoint.request(target, subject), maxTokens);
    this.#self = { fetch: (path, init) => this.#call(undefined, Caller.current(), path, init) };
  }

  /** Calls it for the user of the current request, by a token that was exchanged for the user's (RFC 8693). */
  fetch(path: string | URL, init?: RequestInit): Promise<Response> {
    const call = Caller.current();
    return call?.token === undefined ? this.#refuse() : this.#call(call.token, call, path, init);
  }

  /** Calls it as this service itself, for no user. The route must say `@AllowClients()`. */
  asSelf(): ServiceFetch {
    return this.#self;
  }

  #refuse(): Promise<never> {
    const hint = 'there is no user here; call it as the service itself by asSelf()';
    return Promise.reject(new ServiceCallDenied(this.name, 'invalid_request', hint));
  }

  async #call(
    owner: TokenOwner,
    call: CurrentCall | undefined,
    path: string | URL,
    init?: RequestInit,
  ): Promise<Response> {
    const url = this.#urlOf(path);
    const limit = this.#limit.begin();
    // One limit for all tries, and for the body.
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const send = (token: string) => {
      const headers = withToken(init?.headers, call?.headers, token);
      return this.doFetch(url, { ...init, headers, signal, redirect: 'manual' });
    };
    const cached = this.#tokens.get(owner);
    const token = typeof cached === 'string' ? cached : await cached;
    const response = await send(token);
    if (response.status !== 401) return response;
    this.#tokens.forget(owner, token);
    if (!isRepeatable(init?.body)) return response;
    await response.body?.cancel();
    return send(await this.#tokens.get(owner));
  }

  /** Resolved as `fetch` would, then compared: what another origin would get is not sent. */
  #urlOf(path: string | URL): string {
    // Nothing in such a path is resolved in any way.
    if (typeof path === 'string' && PLAIN_PATH.test(path)) return this.#prefix + path;
    const { origin, pathname } = this.#base;
    const isPath = typeof path === 'string' && path.startsWith('/') && !path.startsWith('//');
    const url = new URL(isPath ? pathname.slice(0, -1) + path : path, this.#base);
    if (url.origin !== origin || !url.pathname.startsWith(pathname) || url.username || url.password)
      throw new TypeError(`${this.name} is at ${this.#base.href}; a token for it goes nowhere else`);
    return url.href;
  }
}

/** What the caller of this service has sent to be traced by goes along. */
function withToken(
  given: RequestInit['headers'],
  passed: CurrentCall['headers'] | undefined,
  token: string,
): NonNullable<RequestInit['headers']> {
  const authorization = `Bearer ${token}`;
  if (given === undefined) return { ...passed, authorization };
  const headers = new Headers(given);
  for (const [name, value] of Object.entries(passed ?? {})) if (!headers.has(name)) headers.set(name, value);
  headers.set('authorization', authorization);
  return headers;
}

function baseOf(name: string, url: string): URL {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new TypeError(`The url of service ${name} must be an http:// or https:// URL`);
  const base = new URL(url);
  if (base.username || base.password || base.search || base.hash)
    throw new TypeError(`The url of service ${name} must have no credentials, query or fragment`);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return base;
}

/** A stream can be sent once. */
function isRepeatable(body: RequestInit['body']): boolean {
  if (body === undefined || body === null || typeof body === 'string') return true;
  return (
    body instanceof URLSearchParams ||
    body instanceof FormData ||
    body instanceof Blob ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body)
  );
}
