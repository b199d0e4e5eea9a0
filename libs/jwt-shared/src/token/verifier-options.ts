import type { TokenAlgorithm } from '../jose/algorithm.js';

/**
 * The shape of a deployment's tokens. `rfc9068`: `typ: at+jwt`, with `iss`, `aud`, `jti`, `sid` and `client_id`.
 * `oidc`: the JWT access tokens of OpenID providers, `typ: JWT` or none, with `iss` and `aud` and no session needed.
 * `bare`: `sub`, `iat` and `exp` are enough, as the Django pattern issues them; `HS256` only.
 */
export type JwtProfile = 'rfc9068' | 'oidc' | 'bare';

/**
 * Where an issuer keeps a claim: its name, or the way to it through objects, as `realm_access.roles` or
 * `['realm_access', 'roles']`. A claim that has the whole text for its name comes first.
 */
export type ClaimPath = string | readonly string[];

/** Where an issuer keeps what the guard asks for. */
export interface ClaimNames {
  /** A list of names, or an object whose members are the names; `roles` unless told. */
  readonly roles?: ClaimPath | undefined;
  /** A text with blanks between scopes, or a list; `scope` unless told. */
  readonly scopes?: ClaimPath | undefined;
  /**
   * Whether a token is a client's own, where the issuer has a mark for it that is not known; profile `oidc` only. It can
   * add to the tokens that count as a client's, and is asked before the signature is checked: one for which it throws
   * is refused.
   */
  readonly client?: ((claims: Readonly<Record<string, unknown>>) => boolean) | undefined;
}

const PROFILES: ReadonlySet<unknown> = new Set<JwtProfile>(['rfc9068', 'oidc', 'bare']);

/** Default ceiling of a token's life, in seconds. */
export const DEFAULT_MAX_LIFETIME = 3600;

/** What a service accepts. */
export interface VerifierOptions {
  /** The only algorithm, whatever a token says. */
  readonly algorithm: TokenAlgorithm;
  /** What `iss` must be, to the character. */
  readonly issuer: string;
  /** Names of this service; `aud` must hold one of them. */
  readonly audiences: readonly string[];
  readonly profile: JwtProfile;
  readonly claims?: ClaimNames | undefined;
  /** Seconds by which clocks may differ, 0 to 60. */
  readonly clockTolerance: number;
  /** Longest `exp - iat` accepted, in seconds; 3600 unless told. */
  readonly maxLifetime?: number | undefined;
}

/**
 * Refuses options with which a check would silently pass: a tolerance of `NaN` would accept every expired token.
 *
 * @throws {TypeError} that names the option
 */
export function assertVerifierOptions(options: VerifierOptions): void {
  const { algorithm, profile, issuer, audiences, clockTolerance } = options;
  const { maxLifetime = DEFAULT_MAX_LIFETIME } = options;
  if (!PROFILES.has(profile)) throw new TypeError('profile must be rfc9068, oidc or bare');
  if (profile === 'bare' && algorithm !== 'HS256')
    throw new TypeError('profile bare needs the algorithm HS256');
  if (issuer === '') throw new TypeError('issuer must not be empty');
  if (audiences.length === 0 || audiences.includes('')) throw new TypeError('audiences must be names');
  if (!(clockTolerance >= 0 && clockTolerance <= 60))
    throw new TypeError('clockTolerance must be 0 to 60 seconds');
  if (!(maxLifetime > 0 && maxLifetime < Infinity))
    throw new TypeError('maxLifetime must be a number of seconds');
}
