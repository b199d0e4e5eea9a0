import type { AccessToken } from './access-token.js';
import { secondsOf, SYSTEM_CLOCK, type Clock } from './clock.js';
import type { KeySource } from './keys/key-source.js';
import type { RevocationSource } from './revocation/revocation-source.js';
import { VerifiedAccessToken } from './token/verified-access-token.js';

/** How a token has ended before its time. */
export type EarlyEnd = 'revoked' | 'stale';

/** What time, keys and revocations say now of a token that was verified before. Asked on every request. */
export class TokenStanding {
  /** @param clockTolerance seconds, the same as the verifier's */
  constructor(
    private readonly clockTolerance: number,
    private readonly keys: KeySource,
    private readonly revocations: RevocationSource,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {}

  /** Whether a token has neither expired nor lost the trust in its key; never for one that the verifier did not make. */
  stands(token: AccessToken): boolean {
    const key = VerifiedAccessToken.keyOf(token);
    return key !== undefined && this.keys.isTrusted(key) && !this.isPast(token);
  }

  /** Whether there are keys to judge a token by: without them nothing stands, and nothing is known to be wrong either. */
  get hasKeys(): boolean {
    return this.keys.isAvailable ?? true;
  }

  /** RFC 7519 §4.1.4: at `exp` the token is no longer good. */
  isPast({ expiresAt }: AccessToken): boolean {
    return secondsOf(this.clock) >= expiresAt + this.clockTolerance;
  }

  /** How a token has ended before its time, if it has. */
  endOf(token: AccessToken): EarlyEnd | undefined {
    if (this.revocations.isRevoked(token)) return 'revoked';
    return this.revocations.isStale?.(token) ? 'stale' : undefined;
  }
}
