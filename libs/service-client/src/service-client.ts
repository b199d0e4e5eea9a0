import { Caller } from './caller.js';
import { ServiceCallDenied } from './errors.js';
import type { ServiceOptions } from './service-client.options.js';
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

/** A service that this one calls: for the user of the current request, or as itself. */
export class ServiceClient implements ServiceFetch {
  readonly #base: URL;
  readonly #tokens: TokenCache;
  readonly #self: ServiceFetch;

  /** @throws {TypeError} when the URL is not one */
  constructor(
    readonly name: string,
    private readonly options: ServiceOptions,
    endpoint: TokenEndpoint,
    maxTokens: number,
    private readonly doFetch: typeof fetch,
  ) {
    this.#base = baseOf(name, options.url);
    const target = { service: name, audience: options.audience ?? name, scopes: options.scopes };
    this.#tokens = new TokenCache((subject) => endpoint.request(target, subject), maxTokens);
    this.#self = { fetch: (path, init) => this.#call(undefined, path, init) };
  }

  /** Calls it for the user of the current request, by a token that was exchanged for the user's (RFC 8693). */
  async fetch(path: string | URL, init?: RequestInit): Promise<Response> {
    const subject = Caller.current()?.token;
    if (subject === undefined)
      throw new ServiceCallDenied(
        this.name,
        'invalid_request',
        'there is no user here; call it as the service itself by asSelf()',
      );
    return this.#call(subject, path, init);
  }

  /** Calls it as this service, for nobody. The route must say `@AllowClients()`. */
  asSelf(): ServiceFetch {
    return this.#self;
  }

  async #call(owner: TokenOwner, path: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = this.#urlOf(path);
    // Without a cached token one turn of the event loop more; with one, none.
    const cached = this.#tokens.get(owner);
    const token = typeof cached === 'string' ? cached : await cached;
    const request = this.#requestOf(init);
    const response = await this.#send(url, request, token);
    if (response.status !== 401) return response;
    this.#tokens.forget(owner, token);
    if (!isRepeatable(init.body)) return response;
    await response.body?.cancel();
    return this.#send(url, request, await this.#tokens.get(owner));
  }

  #send(url: URL, request: RequestInit & { readonly headers: Headers }, token: string): Promise<Response> {
    request.headers.set('authorization', `Bearer ${token}`);
    return this.doFetch(url, request);
  }

  /** One limit for all tries; what the caller of this service has sent to be traced by goes along. */
  #requestOf(init: RequestInit) {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(Caller.current()?.headers ?? {}))
      if (!headers.has(name)) headers.set(name, value);
    const limit = AbortSignal.timeout(this.options.timeout ?? DEFAULT_TIMEOUT_MS);
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
    return { ...init, headers, signal, redirect: 'manual' as const };
  }

  /** Resolved as `fetch` would, then compared: what another origin would get is not sent. */
  #urlOf(path: string | URL): URL {
    const { origin, pathname } = this.#base;
    const isPath = typeof path === 'string' && path.startsWith('/') && !path.startsWith('//');
    const url = new URL(isPath ? pathname.slice(0, -1) + path : path, this.#base);
    if (url.origin !== origin || !url.pathname.startsWith(pathname) || url.username || url.password)
      throw new TypeError(`${this.name} is at ${this.#base.href}; a token for it goes nowhere else`);
    return url;
  }
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
