import { Logger } from '@nestjs/common';
import { elapsed, SYSTEM_CLOCK, type Clock } from '../clock.js';
import { KeysUnavailable } from '../keys/keys-unavailable.error.js';
import { MAX_TOKEN_LENGTH } from '../token/compact-jws.js';
import { TokenRejected, type TokenRejectionReason } from '../token/token-rejected.error.js';
import { DEFAULT_MAX_LIFETIME, type VerifierOptions } from '../token/verifier-options.js';

/** Seconds in which a reason is told once as a warning. */
const ONCE_IN = 60;

type Reason = TokenRejectionReason | 'keys_unavailable';

/**
 * Tells operators why tokens are refused, which callers are never told: each refusal at `debug`, and the first of each
 * reason in a minute at `warn`, so that a setting that differs from auth's is seen at once. Of several issuers, those are
 * named that the token could be of, each with a minute of its own. Holds nothing of a token.
 */
export class RefusalLogService {
  readonly #warnedAt = new Map<string, number>();

  /** @param trusted every issuer that is */
  constructor(
    private readonly trusted: readonly VerifierOptions[],
    private readonly clock: Clock = SYSTEM_CLOCK,
    private readonly logger: Pick<Logger, 'debug' | 'warn'> = new Logger('Tokens'),
  ) {}

  /** @param error any other than of tokens is not told */
  note(error: unknown): void {
    if (error instanceof TokenRejected) this.tell(error.reason, error.demanded);
    else if (error instanceof KeysUnavailable) this.tell('keys_unavailable');
  }

  tell(reason: Reason, demanded = this.trusted): void {
    const now = elapsed(this.clock);
    const isOfOne = demanded !== this.trusted;
    const from = isOfOne ? ` from ${oneOf(demanded, ({ issuer }) => issuer)}` : '';
    const line = `Token refused (${reason})${from}: ${WORDS[reason](demanded)}`;
    if (now - (this.#warnedAt.get(line) ?? -Infinity) < ONCE_IN) return this.logger.debug(line);
    this.#warnedAt.set(line, now);
    this.logger.warn(line);
  }
}

/** What each reason means here: what was expected, never what came. */
const WORDS: Readonly<Record<Reason, (demanded: readonly VerifierOptions[]) => string>> = {
  malformed: () => `it is no JWS in compact form, or longer than ${MAX_TOKEN_LENGTH} characters`,
  algorithm: (of) => `its alg is not ${oneOf(of, ({ algorithm }) => algorithm)}`,
  header: () => 'its header has a member that is not accepted, or a kid that is none',
  type: (of) => `its typ is not that of profile ${oneOf(of, ({ profile }) => profile)}`,
  claims: (of) =>
    `a claim is missing or of the wrong type for profile ${oneOf(of, ({ profile }) => profile)}`,
  issuer: (of) => `its iss is not ${oneOf(of, ({ issuer }) => issuer)}`,
  audience: (of) => `its aud does not hold ${oneOf(of, ({ audiences }) => audiences.join(' or '))}`,
  lifetime: (of) =>
    `it was given a longer life than ${oneOf(of, ({ maxLifetime = DEFAULT_MAX_LIFETIME }) => maxLifetime)} s, or none`,
  not_yet_valid: (of) =>
    `it is of the future: clocks differ by more than ${oneOf(of, ({ clockTolerance }) => clockTolerance)} s`,
  unknown_key: () => 'no key is known by its kid',
  signature: (of) =>
    `its signature is not right: the ${of.some(({ algorithm }) => algorithm === 'HS256') ? 'secret differs from that' : 'keys differ from those'} of the issuer, or it is forged`,
  expired: () => 'it has expired; if tokens do so right after they were issued, the clock here is ahead',
  revoked: () => 'it has been revoked',
  stale: () => 'the rights of its user have changed since it was issued',
  keys_unavailable: () => 'there are no keys to verify it with',
};

/** What issuers demand, each once. */
function oneOf(
  demanded: readonly VerifierOptions[],
  what: (options: VerifierOptions) => string | number,
): string {
  return [...new Set(demanded.map(what))].join(' or ');
}
