import type { AccessToken } from '../access-token.js';
import type { TrustedKey } from '../keys/key-source.js';
import type { Claims } from './claims.js';
import { payloadOf } from './compact-jws.js';

/**
 * An access token that the verifier vouches for. Only it makes these, so being one is proof.
 *
 * A service may hold a hundred thousand of them: that is why the full claims are read again from the token's
 * own text when somebody asks, instead of being kept beside it.
 */
export class VerifiedAccessToken implements AccessToken {
  readonly userId: string;
  readonly sessionId: string | undefined;
  readonly tokenId: string | undefined;
  readonly clientId: string | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly #token: string;
  readonly #key: TrustedKey;

  constructor(token: string, key: TrustedKey, claims: Claims) {
    this.userId = claims.userId;
    this.sessionId = claims.sessionId;
    this.tokenId = claims.tokenId;
    this.clientId = claims.clientId;
    this.issuedAt = claims.issuedAt;
    this.expiresAt = claims.expiresAt;
    this.scopes = claims.scopes;
    this.roles = claims.roles;
    this.#token = token;
    this.#key = key;
    Object.freeze(this);
  }

  get claims(): Readonly<Record<string, unknown>> {
    return deepFreeze(payloadOf(this.#token));
  }

  /** The key that signed a token; `undefined` for anything that the verifier did not make. */
  static keyOf(token: AccessToken): TrustedKey | undefined {
    return #key in token ? token.#key : undefined;
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value) as unknown[]) {
    if (typeof child === 'object' && child !== null) deepFreeze(child);
  }
  return Object.freeze(value);
}
