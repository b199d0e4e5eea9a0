import type { AccessToken, Actor } from '../access-token.js';
import { readActor } from './actor.js';
import { clientIdClaim, isForeignClient } from './foreign-client.js';
import { isClientsOwn } from './principal.js';
import { TokenRejected } from './token-rejected.error.js';
import { namesOf, ownRoles, ownScope, rolesAt, scopeAt } from './claim-paths.js';
import type { ClaimNames, JwtProfile } from './verifier-options.js';

const MAX_SUBJECT_LENGTH = 255;

/** The claims that a verifier reads, each of the right type. */
export interface Claims extends Omit<AccessToken, 'claims' | 'scopes' | 'principal'> {
  /** `scope`, not yet split. */
  readonly scope: string;
  /** `iss`. */
  readonly issuer: string | undefined;
  /** `aud`, as a list in either spelling; `undefined` when the token has none. */
  readonly audiences: readonly string[] | undefined;
  /** `nbf`, seconds since the epoch. */
  readonly notBefore: number | undefined;
}

type Payload = Readonly<Record<string, unknown>>;

/**
 * Reads a payload's claims. A claim of the wrong type is refused even where nothing asks for it, and so is the
 * lack of one that the profile demands (RFC 9068 §2.2; `sid` is what revocation goes by, and what no client's own
 * token has: any other token without it would be a user's that no logout ends).
 *
 * @throws {TokenRejected} `claims`
 */
export function readClaims(payload: Payload, profile: JwtProfile, names?: ClaimNames): Claims {
  if (profile === 'oidc') refuseOtherTokens(payload);
  const claims = {
    userId: text(payload, 'sub') ?? refuse(),
    sessionId: text(payload, 'sid'),
    tokenId: text(payload, 'jti'),
    clientId: text(payload, (profile === 'oidc' && clientIdClaim(payload)) || 'client_id'),
    issuer: text(payload, 'iss'),
    audiences: audienceList(payload['aud']),
    issuedAt: time(payload, 'iat') ?? refuse(),
    expiresAt: time(payload, 'exp') ?? refuse(),
    notBefore: time(payload, 'nbf'),
    scope: (names?.scopes === undefined ? ownScope(payload) : scopeAt(payload, names.scopes)) ?? refuse(),
    roles: (names?.roles === undefined ? ownRoles(payload) : rolesAt(payload, names.roles)) ?? refuse(),
    authTime: time(payload, 'auth_time'),
    actor: actorOf(payload),
  };
  if (claims.userId.length > MAX_SUBJECT_LENGTH) refuse();
  if (profile === 'oidc') {
    if (!(claims.issuer && claims.audiences)) refuse();
    if (isForeignClient(payload, names) ?? refuse()) {
      claims.userId = claims.clientId ?? refuse();
      claims.sessionId = undefined;
    }
  }
  if (claims.actor !== undefined && isClientsOwn(claims)) refuse();
  if (profile === 'rfc9068') {
    const { sessionId, tokenId, clientId, issuer, audiences } = claims;
    if (!(tokenId && clientId && issuer && audiences)) refuse();
    if (sessionId === undefined && !isClientsOwn(claims)) refuse();
  }
  return claims;
}

/**
 * The profile's access tokens have no type of their own, so what only ID tokens and logout tokens hold (OpenID Connect
 * Core 1.0 §3.1.3.6, Back-Channel Logout 1.0 §2.4) is refused, and what Keycloak says is another kind of token.
 *
 * @throws {TokenRejected} `type`
 */
function refuseOtherTokens(payload: Payload): void {
  const { typ } = payload;
  const isOther = ['at_hash', 'c_hash', 's_hash', 'events'].some((name) => Object.hasOwn(payload, name));
  const isNamedOther = typ !== undefined && typ !== 'Bearer';
  if (isOther || isNamedOther || (Object.hasOwn(payload, 'nonce') && typ === undefined))
    throw new TokenRejected('type');
}

/** A lone surrogate is refused too: stored as UTF-8 it would become U+FFFD, and two users one. */
function text(payload: Payload, name: string): string | undefined {
  const value = payload[name];
  if (value === undefined) return undefined;
  return typeof value === 'string' && value !== '' && value.isWellFormed() ? value : refuse();
}

function time(payload: Payload, name: string): number | undefined {
  const value = payload[name];
  if (value === undefined) return undefined;
  return typeof value === 'number' && value >= 0 && value < Infinity ? value : refuse();
}

function actorOf(payload: Payload): Actor | undefined {
  const { act, iss } = payload;
  if (act === undefined) return undefined;
  return readActor(act, typeof iss === 'string' ? iss : undefined) ?? refuse();
}

function audienceList(aud: unknown): readonly string[] | undefined {
  if (aud === undefined) return undefined;
  return namesOf(typeof aud === 'string' ? [aud] : aud) ?? refuse();
}

function refuse(): never {
  throw new TokenRejected('claims');
}
