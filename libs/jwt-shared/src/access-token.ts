/** What a verified access token says. Handlers get it by `@CurrentUser()`; nothing in it can be changed. */
export interface AccessToken {
  /** `sub`: the opaque id of the user. */
  readonly userId: string;
  /** `sid`: the session that the token belongs to. Always there in profile `rfc9068`. */
  readonly sessionId?: string | undefined;
  /** `jti`: the token's own id. Always there in profile `rfc9068`. Read anew at each access, as {@link claims}. */
  readonly tokenId?: string | undefined;
  /** `client_id`: the application that the token was issued to. Always there in profile `rfc9068`. */
  readonly clientId?: string | undefined;
  /** `iat`, seconds since the epoch. */
  readonly issuedAt: number;
  /** `exp`, seconds since the epoch. */
  readonly expiresAt: number;
  /** `scope`, split at its spaces (RFC 6749 §3.3); empty when the token has none. */
  readonly scopes: readonly string[];
  /** `roles` (RFC 9068 §2.2.3.1); empty when the token has none. */
  readonly roles: readonly string[];
  /** Every claim as it was signed. Read anew from the token at each access, so keep it in a variable. */
  readonly claims: Readonly<Record<string, unknown>>;
}
