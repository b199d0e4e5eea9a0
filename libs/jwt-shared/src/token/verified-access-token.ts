import type { AccessToken, Actor, Principal } from '../access-token.js';
import type { TrustedKey } from '../keys/key-source.js';
import type { Claims } from './claims.js';
import { payloadOf } from './compact-jws.js';
import { Pool } from './pool.js';
import { principalOf } from './principal.js';

const CLIENT_IDS = new Pool((text) => text);
const SCOPES = new Pool((scope): readonly string[] =>
  Object.freeze(scope.split(' ').filter((name) => name !== '')),
);

/**
 * An access token that the verifier vouches for. Only it makes these, so being one is proof.
 *
 * A service may hold a hundred thousand of them. That is why what is rarely asked for is read again from the
 * token's own text instead of being kept beside it, and what many tokens share is kept once.
 */
export class VerifiedAccessToken implements AccessToken {
  readonly userId: string;
  readonly sessionId: string | undefined;
  readonly clientId: string | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly authTime: number | undefined;
  readonly actor: Actor | undefined;
  readonly #token: string;
  readonly #key: TrustedKey;

  constructor(token: string, key: TrustedKey, claims: Claims) {
    this.userId = claims.userId;
    this.sessionId = claims.sessionId;
    this.clientId = claims.clientId === undefined ? undefined : CLIENT_IDS.get(claims.clientId);
    this.issuedAt = claims.issuedAt;
    this.expiresAt = claims.expiresAt;
    this.scopes = SCOPES.get(claims.scope);
    this.roles = claims.roles;
    this.authTime = claims.authTime;
    this.actor = claims.actor;
    this.#token = token;
    this.#key = key;
    Object.freeze(this);
  }

  get tokenId(): string | undefined {
    return this.claims['jti'] as string | undefined;
  }

  get principal(): Principal {
    return principalOf(this);
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
