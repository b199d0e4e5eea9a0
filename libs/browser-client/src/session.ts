import type { Tokens } from './api.js';
import { problemIn, SignetError } from './signet-error.js';
import { retryAfter, retrying } from './retrying.js';
import { Tabs, type Message } from './tabs.js';

/** A token is renewed this long before it ends, and shorter ones in the last quarter of their life. */
const AHEAD_MS = 30_000;

type Held = { readonly token: string; readonly endsAt: number; readonly renewAt: number };

/** The session of this browser at auth: its access token, in memory alone, and how it is renewed. */
export class Session {
  /** `undefined`: not known yet whether there is a session; `null`: there is none. */
  private held: Held | null | undefined;
  private refreshToken: string | undefined;
  private renewal: Promise<string | undefined> | undefined;
  private readonly tabs: Tabs;

  /**
   * @param url of auth, without a slash at the end
   * @param usesCookie whether the browser holds the refresh token, where no script can read it
   * @param onToken called with each token, and without one when the session is over
   */
  constructor(
    private readonly url: string,
    private readonly usesCookie: boolean,
    private readonly send: typeof fetch,
    private readonly onToken: (token: string | undefined) => void,
  ) {
    this.tabs = new Tabs(`signet:${url}`, usesCookie, (message) => this.hear(message));
  }

  /** A token that is good for a while; none if nobody is logged in. @param rejected one that a service has refused */
  async token(rejected?: string): Promise<string | undefined> {
    const { held } = this;
    if (held === null) return undefined;
    if (held && held.token !== rejected && Date.now() < held.renewAt) return held.token;
    this.renewal ??= this.renew(held?.token).finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  async logIn(credentials: object): Promise<void> {
    await this.tabs.exclusively(async () => {
      const mode = this.usesCookie ? { mode: 'cookie' } : {};
      this.take(await this.post<Tokens>('login', { ...credentials, ...mode }));
    });
  }

  async logOut(): Promise<void> {
    await this.tabs.exclusively(async () => {
      const { held, refreshToken: refresh_token } = this;
      if (held === null) return;
      try {
        await this.post('logout', refresh_token === undefined ? {} : { refresh_token }, held?.token);
      } catch (error) {
        // It was over already.
        if (!(error instanceof SignetError) || error.status !== 401) throw error;
      }
      this.forget();
    });
  }

  /** @throws {SignetError} when the answer is not 2xx, and `NETWORK_ERROR` when there is none */
  async post<Answer>(route: string, body: object, token?: string): Promise<Answer> {
    const init: RequestInit = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
      credentials: this.usesCookie ? 'include' : 'omit',
    };
    let response: Response;
    try {
      response = await retrying(() => this.send(`${this.url}/auth/${route}`, init));
    } catch (cause) {
      const problem = { code: 'NETWORK_ERROR', detail: 'auth cannot be reached' };
      throw new SignetError(0, problem, undefined, { cause });
    }
    if (!response.ok) throw new SignetError(response.status, await problemIn(response), retryAfter(response));
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  private renew(old: string | undefined): Promise<string | undefined> {
    return this.tabs.exclusively(async () => {
      const { held, refreshToken: refresh_token } = this;
      // Another tab was first, or a login or logout was.
      if (held !== undefined && held?.token !== old) return held?.token;
      if (!this.usesCookie && refresh_token === undefined) return this.forget();
      try {
        this.take(await this.post<Tokens>('refresh', refresh_token === undefined ? {} : { refresh_token }));
      } catch (error) {
        // Only auth can say that there is no session (400 without a cookie); while it is away, it lives on.
        if (error instanceof SignetError && [400, 401, 403].includes(error.status)) return this.forget();
        throw error;
      }
      return this.held?.token;
    }, this.held === undefined);
  }

  private take({ access_token: token, expires_in, refresh_token }: Tokens): void {
    this.refreshToken = refresh_token;
    this.hold(token, Date.now() + expires_in * 1000);
    this.tabs.tell({ token, endsAt: this.held!.endsAt });
  }

  private hold(token: string, endsAt: number): void {
    const life = endsAt - Date.now();
    this.held = { token, endsAt, renewAt: endsAt - Math.min(AHEAD_MS, life / 4) };
    this.onToken(token);
  }

  private forget(): undefined {
    const wasLoggedIn = this.held;
    this.held = null;
    this.refreshToken = undefined;
    this.onToken(undefined);
    if (wasLoggedIn) this.tabs.tell({});
  }

  private hear({ asks, token, endsAt }: Message): void {
    const { held } = this;
    if (asks) {
      if (held && Date.now() < held.renewAt) this.tabs.tell({ token: held.token, endsAt: held.endsAt });
      return;
    }
    if (token !== undefined && endsAt !== undefined) return this.hold(token, endsAt);
    this.held = null;
    this.onToken(undefined);
  }
}
