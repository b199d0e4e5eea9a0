import type { AccessToken } from '../access-token.js';
import type { VerifierOptions } from './verifier-options.js';

/** Why a token may be refused: for metrics and logs, never for the caller. */
export const TOKEN_REJECTION_REASONS = [
  'malformed',
  'algorithm',
  'header',
  'type',
  'claims',
  'issuer',
  'audience',
  'lifetime',
  'not_yet_valid',
  'unknown_key',
  'signature',
  'expired',
  'revoked',
  'stale',
] as const;

export type TokenRejectionReason = (typeof TOKEN_REJECTION_REASONS)[number];

/** What a caller is told about a refused credential. */
export type TokenRejectionDetail = 'Unauthorized' | 'Token expired' | 'Invalid token';

/**
 * The one error that an access token can cause, however hostile it is. It has no stack: the reason says all, and
 * a flood of bad tokens must not make a service collect the stack of each.
 */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
  /** Where several issuers are trusted: what those demand that the token could be of. */
  demanded?: readonly VerifierOptions[];

  constructor(
    readonly reason: TokenRejectionReason,
    readonly detail: TokenRejectionDetail = 'Invalid token',
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`Access token refused: ${reason}`);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** A token that is good but for having been revoked. */
export class TokenRevoked extends TokenRejected {
  constructor(readonly accessToken: AccessToken) {
    super('revoked');
  }
}

/** A token that is good but for rights that have changed since it was issued: a refresh brings one with the new. */
export class TokenStale extends TokenRejected {
  constructor(readonly accessToken: AccessToken) {
    super('stale', 'Token expired');
  }
}
