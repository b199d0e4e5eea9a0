import { KeysUnavailable } from '../keys/keys-unavailable.error.js';
import { TOKEN_REJECTION_REASONS, TokenRejected } from '../token/token-rejected.error.js';

const OUTCOMES = [
  'accepted',
  'missing',
  ...TOKEN_REJECTION_REASONS,
  'user_required',
  'insufficient_scope',
  'reauthentication_required',
  'revocations_stale',
  'keys_unavailable',
] as const;

/** What can become of a call that needs a token. `missing`: there is no bearer credential, or more than one. */
export type GuardOutcome = (typeof OUTCOMES)[number];

/**
 * What has become of the calls to a guard since it was made. Plain numbers, read when metrics are asked for: a
 * counter of a metrics library would cost more than the look-up that is counted.
 */
export class GuardStatistics {
  /** Tokens that were answered from the cache. */
  hits = 0;
  /** Tokens that went to the verifier. */
  misses = 0;
  readonly outcomes = Object.fromEntries(OUTCOMES.map((name) => [name, 0])) as Record<GuardOutcome, number>;

  /** Notes why a token was not verified; any other error is no matter of tokens. */
  countRefusal(error: unknown): void {
    if (error instanceof TokenRejected) this.outcomes[error.reason]++;
    else if (error instanceof KeysUnavailable) this.outcomes.keys_unavailable++;
  }
}
