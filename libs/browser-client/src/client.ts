import type { User } from './api.js';
import { problemIn, SignetError } from './signet-error.js';
import { retryAfter, retrying } from './retrying.js';
import { Session } from './session.js';

/** What {@link createClient} is told. */
export interface ClientOptions {
  /** Where auth is, such as `https://id.example.com`. It lists the page's origin in `CORS_ORIGINS` if that is another. */
  readonly authUrl: string;
  /**
   * Origins that get the access token besides auth's and the page's own, such as `https://api.example.com`. Unless told:
   * none, or all of this machine while auth is on it, as in development.
   */
  readonly origins?: readonly string[];
  /**
   * `cookie`: the browser keeps the refresh token where no script can read it. `memory`: it is kept here and is gone
   * with the process. By default `cookie` where there is a `document`, and `memory` elsewhere, as in Node.
   */
  readonly mode?: 'cookie' | 'memory';
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** A browser's, or a Node program's, session at auth. */
export interface Client {
  /** Asks for an account. Where addresses are verified it is there once the link in the mail has been used. */
  register(credentials: Credentials): Promise<void>;
  /** @throws {SignetError} `INVALID_CREDENTIALS`, `TOO_MANY_REQUESTS` with `retryAfter`, and others */
  login(credentials: Credentials): Promise<User>;
  /** Ends the session, in all tabs. @throws {SignetError} `NETWORK_ERROR`; the session is not over then */
  logout(): Promise<void>;
  /** Who is logged in, after a reload too. @throws {SignetError} while auth cannot say */
  user(): Promise<User | undefined>;
  /**
   * `fetch` with the access token, which is renewed before it ends, once for all tabs. A request that is refused for
   * its token is sent once more with a new one of the same person; a read that is answered 503 with `Retry-After` is
   * sent again then.
   *
   * @throws {SignetError} `ORIGIN_NOT_LISTED` for an origin that may not have the token: nothing is sent
   */
  readonly fetch: typeof fetch;
  /** Calls back with the user when that changes, in any tab. @returns how to stop */
  onChange(listener: (user: User | undefined) => void): () => void;
}

/**
 * The session of this page at auth.
 *
 * @example
 * ```ts
 * const client = createClient({ authUrl: 'https://id.example.com', origins: ['https://api.example.com'] });
 * await client.login({ email, password });
 * const tasks = await client.fetch('https://api.example.com/tasks').then((response) => response.json());
 * ```
 * @throws {TypeError} when one of `origins` is no URL
 */
export function createClient({ authUrl, origins, mode, fetch: ownFetch }: ClientOptions): Client {
  const url = authUrl.replace(/\/+$/, '');
  const send: typeof fetch = ownFetch ?? ((...args) => globalThis.fetch(...args));
  const usesCookie = (mode ?? ('document' in globalThis ? 'cookie' : 'memory')) === 'cookie';
  const mayHaveToken = new Set([
    originOf(url),
    originOf(''),
    ...(origins ?? []).map((origin) => new URL(origin).origin),
  ]);
  const isDevelopment = !origins && isLocal(url);
  const listeners = new Set<(user: User | undefined) => void>();
  const session = new Session(url, usesCookie, send, (token) => void note(token));
  let subject: string | undefined;
  let known: Promise<User | undefined> | undefined;

  /** A token of the same session changes nothing for anybody. */
  async function note(token: string | undefined): Promise<void> {
    const next = token && sessionOf(token);
    if (next === subject) return;
    subject = next;
    known = undefined;
    const user = await who().catch(() => undefined);
    if (next === subject) for (const listener of listeners) listener(user);
  }

  function who(): Promise<User | undefined> {
    const asked = (known ??= load());
    asked.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked;
  }

  async function load(): Promise<User | undefined> {
    if ((await session.token()) === undefined) return undefined;
    const response = await fetchWithToken(`${url}/auth/me`);
    if (response.ok) return (await response.json()) as User;
    if (response.status === 401) return undefined;
    throw new SignetError(response.status, await problemIn(response), retryAfter(response));
  }

  const fetchWithToken: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { origin } = new URL(request.url);
    if (origin === 'null' || (!mayHaveToken.has(origin) && !(isDevelopment && isLocal(origin)))) {
      const detail = `${origin} gets no token: add it to \`origins\`, or call it by fetch`;
      throw new SignetError(0, { code: 'ORIGIN_NOT_LISTED', detail });
    }
    const token = await session.token();
    const response = await sendWith(request.clone(), token);
    if (token === undefined || !(await isForItsToken(response))) return response;
    const next = await session.token(token);
    if (next === undefined || next === token || personOf(next) !== personOf(token)) return response;
    await response.body?.cancel();
    return sendWith(request, next);
  };

  function sendWith(request: Request, token: string | undefined): Promise<Response> {
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    return isRead ? retrying(() => send(request.clone()), request.signal) : send(request);
  }

  return {
    register: ({ email, password }) => session.post('register', { email, password }).then(() => undefined),
    async login({ email, password }) {
      await session.logIn({ email, password });
      const user = await who();
      if (!user) throw new SignetError(401, { code: 'INVALID_TOKEN', detail: 'The session is over already' });
      return user;
    },
    logout: () => session.logOut(),
    user: async () => ((await session.token()) === undefined ? undefined : who()),
    fetch: fetchWithToken,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Whether a new token may help: not with a wrong password, and not where a new login is demanded (RFC 9470). */
async function isForItsToken(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  if (response.headers.get('www-authenticate')?.includes('invalid_token')) return true;
  const { code = '' } = await problemIn(response);
  return ['INVALID_TOKEN', 'TOKEN_EXPIRED', 'TOKEN_STALE'].includes(code);
}

/** Which session and user a token is of; what cannot be read is a session of its own. */
function sessionOf(token: string): string {
  try {
    const payload = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const { sub, sid } = JSON.parse(atob(payload)) as { sub: string; sid?: string };
    return `${sub} ${sid}`;
  } catch {
    return token;
  }
}

/** What one person began is not finished as another, who has logged in in another tab. */
function personOf(token: string): string | undefined {
  return sessionOf(token).split(' ', 1)[0];
}

/** Of a URL as the page understands it; its own of none. */
function originOf(url: string): string | undefined {
  const { location } = globalThis as { location?: { readonly href: string } };
  return URL.canParse(url, location?.href) ? new URL(url, location?.href).origin : undefined;
}

function isLocal(url: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1|\[::1])(:|\/|$)/.test(originOf(url) ?? '');
}
