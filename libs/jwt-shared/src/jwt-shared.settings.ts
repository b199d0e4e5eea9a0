import type { Clock } from './clock.js';
import type { TokenAlgorithm } from './jose/algorithm.js';
import type { RevocationSource } from './revocation/revocation-source.js';
import type { ClaimNames, JwtProfile } from './token/verifier-options.js';
import type { CacheLimits } from './verified-token.cache.js';

/** Where auth's revocation feed is. Times are in seconds. */
export interface FeedSettings {
  /** `<auth>/revocations`, or one for each replica of auth. */
  readonly url: string | readonly string[];
  /** Auth's `REVOCATION_FEED_KEY`. */
  readonly key: string;
  /** `accept` unless told: tokens are let in while auth has not been heard of for longer than `maxAge`. */
  readonly onStale?: 'accept' | 'reject' | undefined;
  /** 30 unless told. */
  readonly maxAge?: number | undefined;
  /** For how long the start waits to be told what is revoked; 10 unless told. */
  readonly startWait?: number | undefined;
}

/** What a service says in code about the tokens that it accepts. Times are in seconds. */
export interface JwtSharedSettings {
  /** What `iss` must be, to the character. */
  readonly issuer: string;
  /** The name of this service, or several; `aud` must hold one of them. */
  readonly audience: string | readonly string[];
  /** `rfc9068` unless told. */
  readonly profile?: JwtProfile | undefined;
  /** Where the issuer keeps roles and scopes: `{ roles: 'realm_access.roles' }`. */
  readonly claims?: ClaimNames | undefined;
  /**
   * The algorithms that tokens may be signed with, and no other: `HS256` with a `secret`, `RS256` in the profile
   * `oidc`, otherwise `ES256`, unless told.
   */
  readonly algorithms?: readonly TokenAlgorithm[] | undefined;
  /** The shared secret of `HS256`, at least 32 bytes. */
  readonly secret?: string | undefined;
  /** Still accepted while the secret is being changed. */
  readonly previousSecret?: string | undefined;
  /**
   * Where the public keys are. Unless told, an issuer of the profile `oidc` is asked (OpenID Connect Discovery, RFC
   * 8414); those of auth are at `<issuer>/.well-known/jwks.json`.
   */
  readonly jwksUri?: string | undefined;
  /** By how much clocks may differ; 5 unless told. */
  readonly clockTolerance?: number | undefined;
  /** Longest life that a token may have been given; 3600 unless told. */
  readonly maxLifetime?: number | undefined;
  /** Where to learn what is revoked. `false`, said out loud: tokens are good until they expire. */
  readonly revocations: FeedSettings | RevocationSource | false;
  readonly cache?: CacheLimits | undefined;
  /** Fetches metadata, keys and feed in the place of the global `fetch`: for proxies and private authorities. */
  readonly fetch?: typeof fetch | undefined;
  /** For tests; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
}
