import { decodeJwt, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import type { Answer } from './http.js';
import { operateJson } from './operator.js';
import type { Environment, RunningService } from './service.js';

/** A client that a test has registered. */
export interface RegisteredClient {
  readonly client_id: string;
  readonly client_secret: string;
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope?: string;
  readonly issued_token_type?: string;
  readonly error?: string;
}

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `clients add` with a secret. @param options such as `--audience business --scope tasks:read`, split at spaces */
export function addClient(id: string, options: string, environment: Environment): Promise<RegisteredClient> {
  return operateJson(['clients', 'add', id, ...options.split(' ')], environment);
}

/** `Authorization` of `client_secret_basic`. */
export function basic({ client_id, client_secret }: RegisteredClient): Record<string, string> {
  const pair = [client_id, client_secret].map((part) => encodeURIComponent(part)).join(':');
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Posts a form as any HTTP client does. */
export async function postForm<T = TokenAnswer>(
  url: string,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<T>> {
  const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text ? JSON.parse(text) : undefined) as T,
  };
}

/** A token of a client's own. */
export function clientCredentials(
  auth: RunningService,
  client: RegisteredClient,
  form: Readonly<Record<string, string>>,
): Promise<Answer<TokenAnswer>> {
  return postForm(`${auth.url}/oauth/token`, { grant_type: 'client_credentials', ...form }, basic(client));
}

/** A token for a user. */
export function exchange(
  auth: RunningService,
  client: RegisteredClient,
  subject_token: string,
  form: Readonly<Record<string, string>>,
): Promise<Answer<TokenAnswer>> {
  const grant = { grant_type: TOKEN_EXCHANGE, subject_token, subject_token_type: ACCESS_TOKEN };
  return postForm(`${auth.url}/oauth/token`, { ...grant, ...form }, basic(client));
}

/**
 * A user's access token that is like one from a login but for some claims, signed with the deployment's secret: what
 * scopes a user has is set elsewhere.
 */
export function likeLogin(
  secret: string,
  token: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<string> {
  return new SignJWT({ ...decodeJwt(token), jti: randomUUID(), ...changes })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .sign(Buffer.from(secret));
}
