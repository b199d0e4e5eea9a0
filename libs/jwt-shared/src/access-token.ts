/** Who acts for another, by RFC 8693 §4.1 (`act`): the current actor, and in it those that acted before. */
export interface Actor {
  /** `act.sub`: the OAuth client that acts. */
  readonly clientId: string;
  /** For whom it acts in turn; a chain has at most four actors. */
  readonly actor?: Actor | undefined;
}

/** A user, or a client that acts for one. */
export interface UserPrincipal {
  readonly kind: 'user';
  readonly userId: string;
  readonly sessionId?: string | undefined;
  /** The client that acts for the user; absent when the user calls directly. */
  readonly actor?: Actor | undefined;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** When the user logged in, seconds since the epoch; absent when the token does not say. */
  readonly authenticatedAt?: number | undefined;
  readonly token: AccessToken;
}

/** A client (another service) that acts for itself. */
export interface ClientPrincipal {
  readonly kind: 'client';
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly token: AccessToken;
}

/** Who makes a call. Handlers get it by `@Principal()`. */
export type Principal = UserPrincipal | ClientPrincipal;

/** What a verified access token says. Handlers get it by `@CurrentUser()`; nothing in it can be changed. */
export interface AccessToken {
  /** `sub`: the opaque id of the user; in a client's own token the client's id. {@link principal} tells them apart. */
  readonly userId: string;
  /** `sid`: the session that the token belongs to. In profile `rfc9068` only a client's own token has none. */
  readonly sessionId?: string | undefined;
  /** `jti`: the token's own id. Always there in profile `rfc9068`. Read anew at each access, as {@link claims}. */
  readonly tokenId?: string | undefined;
  /** `client_id`: the application that the token was issued to. Always there in profile `rfc9068`. */
  readonly clientId?: string | undefined;
  /** `iat`, seconds since the epoch. */
  readonly issuedAt: number;
  /** `exp`, seconds since the epoch. */
  readonly expiresAt: number;
  /** `auth_time`: when the user logged in, seconds since the epoch (OpenID Connect Core §2). */
  readonly authTime?: number | undefined;
  /** `scope`, split at its spaces (RFC 6749 §3.3); empty when the token has none. */
  readonly scopes: readonly string[];
  /** `roles` (RFC 9068 §2.2.3.1); empty when the token has none. */
  readonly roles: readonly string[];
  /** `act`: the client that acts for the user, outermost first. */
  readonly actor?: Actor | undefined;
  /** Who makes the call: a user, or a client. Made anew at each access. */
  readonly principal: Principal;
  /** Every claim as it was signed. Read anew from the token at each access, so keep it in a variable. */
  readonly claims: Readonly<Record<string, unknown>>;
}
