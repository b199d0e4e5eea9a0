import type { AccessToken } from './access-token.js';
import { secondsOf, SYSTEM_CLOCK, type Clock } from './clock.js';
import type { KeySource, TrustedKey } from './keys/key-source.js';
import type { RevocationSource } from './revocation/revocation-source.js';
import { readClaims, type Claims } from './token/claims.js';
import { parseCompactJws, type CompactJws } from './token/compact-jws.js';
import { checkHeader } from './token/header.js';
import { isSignedBy } from './token/signature.js';
import { TokenRejected, TokenRevoked, TokenStale } from './token/token-rejected.error.js';
import { VerifiedAccessToken } from './token/verified-access-token.js';
import {
  assertVerifierOptions,
  DEFAULT_MAX_LIFETIME,
  type VerifierOptions,
} from './token/verifier-options.js';

/** Decides about access tokens, by local knowledge alone. Free of any framework. */
export class AccessTokenVerifier {
  /** @throws {TypeError} when the options would leave a check open */
  constructor(
    private readonly options: VerifierOptions,
    private readonly keys: KeySource,
    private readonly revocations: RevocationSource,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {
    assertVerifierOptions(options);
  }

  /**
   * Verifies one token. All that can be refused without a key is refused before a key is looked for, so that
   * junk costs neither a signature nor a request to auth; that it has expired is only told of a token whose
   * signature is right, as anything else would be a claim about a forgery.
   *
   * @throws {TokenRejected} when the token is not good; {@link TokenRevoked} or {@link TokenStale} when it was
   * @throws {KeysUnavailable} when the key source has no keys to judge it by
   */
  async verify(token: string): Promise<AccessToken> {
    const jws = parseCompactJws(token);
    const kid = checkHeader(jws.header, this.options);
    const claims = readClaims(jws.payload, this.options.profile, this.options.claims);
    this.checkClaims(claims);
    const found = this.keys.find(kid);
    const key = this.signer(jws, found.length > 0 ? found : await this.refetched(kid, claims));
    if (this.isPast(claims)) throw new TokenRejected('expired', 'Token expired');
    const verified = new VerifiedAccessToken(token, key, claims);
    if (this.revocations.isRevoked(verified)) throw new TokenRevoked(verified);
    if (this.revocations.isStale?.(verified)) throw new TokenStale(verified);
    return verified;
  }

  private checkClaims({ issuer, audiences, issuedAt, expiresAt, notBefore = 0 }: Claims): void {
    const { options } = this;
    // The profile refuses a claim that is absent; one that is present must be right in every profile (RFC 7519 §4.1.3).
    if (issuer !== undefined && issuer !== options.issuer) throw new TokenRejected('issuer');
    if (audiences !== undefined && !audiences.some((name) => options.audiences.includes(name))) {
      throw new TokenRejected('audience');
    }
    const lifetime = expiresAt - issuedAt;
    if (!(lifetime > 0 && lifetime <= (options.maxLifetime ?? DEFAULT_MAX_LIFETIME)))
      throw new TokenRejected('lifetime');
    if (Math.max(issuedAt, notBefore) > secondsOf(this.clock) + options.clockTolerance) {
      throw new TokenRejected('not_yet_valid');
    }
  }

  /** For a `kid` that no key is known of; nothing is fetched for a token that has expired anyway. */
  private async refetched(kid: string | undefined, claims: Claims): Promise<readonly TrustedKey[]> {
    if (this.keys.refetch === undefined || this.isPast(claims)) return [];
    await this.keys.refetch(kid);
    return this.keys.find(kid);
  }

  private signer(jws: CompactJws, candidates: readonly TrustedKey[]): TrustedKey {
    if (candidates.length === 0) throw new TokenRejected('unknown_key');
    const { algorithm } = this.options;
    const signer = candidates.find((key) => key.algorithm === algorithm && isSignedBy(key, jws));
    if (signer === undefined) throw new TokenRejected('signature');
    return signer;
  }

  /** RFC 7519 §4.1.4: at `exp` the token is no longer good. */
  private isPast({ expiresAt }: Claims): boolean {
    return secondsOf(this.clock) >= expiresAt + this.options.clockTolerance;
  }
}
