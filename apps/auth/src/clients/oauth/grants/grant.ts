import { OAuthError } from '../../oauth-error.js';
import type { AuthenticatedClient } from '../../authentication/client-authentication.service.js';
import { scopesIn, type ClientGrant } from '../../client-grant.js';
import type { FormBody } from '../../form-body.js';

/** What the token endpoint answers (RFC 6749 §5.1, RFC 8693 §2.2.1). */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  /** What the token allows; left out when that is nothing in particular. */
  readonly scope?: string;
  readonly issued_token_type?: string;
}

/** One grant type of the token endpoint. */
export interface Grant {
  /**
   * Issues a token to a client that has proved who it is.
   *
   * @throws {OAuthError} when the request, or what it stands on, is not good
   */
  issue(client: AuthenticatedClient, form: FormBody): Promise<TokenResponse>;
}

/** @throws {OAuthError} `invalid_request` when a parameter is missing */
export function required(form: FormBody, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw new OAuthError('invalid_request', `${name} is missing.`);
  return value;
}

/**
 * The one audience that a request names (RFC 8707's `resource` is not used here).
 *
 * @throws {OAuthError} `invalid_request` without one, `invalid_target` with a `resource`
 */
export function requestedAudience(form: FormBody): string {
  if (form.get('resource') !== undefined)
    throw new OAuthError('invalid_target', 'Services are named by audience, not by resource.');
  return required(form, 'audience');
}

/** @returns undefined when the request names no scopes @throws {OAuthError} `invalid_scope` */
export function requestedScopes(form: FormBody): readonly string[] | undefined {
  const text = form.get('scope');
  if (text === undefined) return undefined;
  const scopes = scopesIn(text);
  if (!scopes) throw new OAuthError('invalid_scope', 'scope is not a list of scopes (RFC 6749 §3.3).');
  return scopes;
}

/**
 * What a client may do at an audience.
 *
 * @throws {OAuthError} `invalid_target` when it has no grant for it
 */
export function grantFor(client: AuthenticatedClient, audience: string): ClientGrant {
  const grant = client.grants.find((candidate) => candidate.audience === audience);
  if (!grant) throw new OAuthError('invalid_target', 'The client may not ask for tokens for this audience.');
  return grant;
}

/**
 * The requested scopes, or all that the client's grant has.
 *
 * @throws {OAuthError} `invalid_scope` when one is not in the grant
 */
export function allowedScopes(grant: ClientGrant, requested = grant.scopes): readonly string[] {
  if (requested.some((scope) => !grant.scopes.includes(scope)))
    throw new OAuthError('invalid_scope', 'The client may not ask for this scope at this audience.');
  return requested;
}

export function tokenResponse(
  accessToken: string,
  expiresIn: number,
  scopes: readonly string[],
): TokenResponse {
  const scope = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  return { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn, ...scope };
}
