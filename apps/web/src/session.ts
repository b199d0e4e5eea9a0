import { createClient, SignetError, type User } from '@signet/browser-client';
import { base, settings } from './settings.js';

/** The visitor's session: the access token is in memory alone, the refresh token where no script can read it. */
export const client = createClient({ authUrl: base });

/** Asks auth only where there may be a session: a refusal that is no news would stand in the console of the browser. */
export async function whoIsLoggedIn(): Promise<User | undefined> {
  return settings.mayHaveSession ? client.user() : undefined;
}

/** A refused call to auth. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly errors: readonly { readonly field: string; readonly message: string }[] = [],
    readonly retryAfter?: number,
  ) {
    super(code);
  }
}

/** Calls a route of auth that everyone may call. @throws {Refused} as `call` */
export function callOpen(route: string, body: object): Promise<Response> {
  return call('POST', route, body, fetch);
}

/**
 * Calls a route of auth with the visitor's token.
 *
 * @throws {Refused} by the code of the answer; `NETWORK_ERROR` without one
 */
export async function call(
  method: string,
  route: string,
  body?: object,
  send: typeof fetch = client.fetch,
): Promise<Response> {
  const init = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await send(`${base}/auth/${route}`, { method, ...init }).catch((error: unknown) => {
    throw error instanceof SignetError ? error : new Refused('NETWORK_ERROR');
  });
  if (response.ok) return response;
  const { code = 'UNKNOWN', errors } = (await response.json().catch(() => ({}))) as Partial<Refused>;
  const seconds = Number(response.headers.get('retry-after')) || undefined;
  throw new Refused(code, errors, seconds);
}

/** Leaves for where the visitor wanted to go; auth has checked that it may be sent there. */
export function goOn(): void {
  const { returnTo } = settings;
  const isPath = returnTo?.startsWith('/');
  location.replace(isPath ? location.origin + returnTo : (returnTo ?? `${base}/account`));
}
