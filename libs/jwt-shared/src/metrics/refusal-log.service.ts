import { Logger } from '@nestjs/common';
import { elapsed, SYSTEM_CLOCK, type Clock } from '../clock.js';
import { KeysUnavailable } from '../keys/keys-unavailable.error.js';
import { TokenRejected, type TokenRejectionReason } from '../token/token-rejected.error.js';
import type { VerifierOptions } from '../token/verifier-options.js';

/** Seconds in which a reason is told once as a warning. */
const ONCE_IN = 60;

type Words = Readonly<Record<TokenRejectionReason | 'keys_unavailable', string>>;

/**
 * Tells operators why tokens are refused, which callers are never told: each refusal at `debug`, and the first of each
 * reason in a minute at `warn`, so that a setting that differs from auth's is seen at once. Holds nothing of a token.
 */
export class RefusalLogService {
  readonly #words: Words;
  readonly #warnedAt = new Map<string, number>();

  constructor(
    options: VerifierOptions,
    private readonly clock: Clock = SYSTEM_CLOCK,
    private readonly logger: Pick<Logger, 'debug' | 'warn'> = new Logger('Tokens'),
  ) {
    this.#words = wordsFor(options);
  }

  /** @param error any other than of tokens is not told */
  note(error: unknown): void {
    if (error instanceof TokenRejected) this.tell(error.reason);
    else if (error instanceof KeysUnavailable) this.tell('keys_unavailable');
  }

  tell(reason: keyof Words): void {
    const now = elapsed(this.clock);
    const line = this.#words[reason];
    if (now - (this.#warnedAt.get(reason) ?? -Infinity) < ONCE_IN) return this.logger.debug(line);
    this.#warnedAt.set(reason, now);
    this.logger.warn(line);
  }
}

/** What each reason means here: what was expected, never what came. */
function wordsFor({
  algorithm,
  issuer,
  audiences,
  profile,
  clockTolerance,
  maxLifetime = 3600,
}: VerifierOptions): Words {
  const key =
    algorithm === 'HS256'
      ? 'the secret differs from that of the issuer'
      : 'the keys differ from those of the issuer';
  const words: Words = {
    malformed: 'it is no JWS in compact form',
    algorithm: `its alg is not ${algorithm}`,
    header: 'its header has a member that is not accepted, or a kid that is none',
    type: `its typ is not that of profile ${profile}`,
    claims: `a claim is missing or of the wrong type for profile ${profile}`,
    issuer: `its iss is not ${issuer}`,
    audience: `its aud does not hold ${audiences.join(' or ')}`,
    lifetime: `it was given a longer life than ${maxLifetime} s, or none`,
    not_yet_valid: `it is of the future: clocks differ by more than ${clockTolerance} s`,
    unknown_key: 'no key is known by its kid',
    signature: `its signature is not right: ${key}, or it is forged`,
    expired: `it has expired; if tokens do so right after they were issued, the clock here is ahead`,
    revoked: 'it has been revoked',
    stale: 'the rights of its user have changed since it was issued',
    keys_unavailable: 'there are no keys to verify it with',
  };
  const lines = Object.entries(words).map(([reason, why]) => [reason, `Token refused (${reason}): ${why}`]);
  return Object.fromEntries(lines) as Words;
}
