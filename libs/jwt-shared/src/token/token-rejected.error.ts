/** Why a token may be refused: for metrics and logs, never for the client. */
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
] as const;

export type TokenRejectionReason = (typeof TOKEN_REJECTION_REASONS)[number];

/** What a client is told about a refused credential. */
export type TokenRejectionDetail = 'Unauthorized' | 'Token expired' | 'Invalid token';

/** The one error that an access token can cause, however hostile it is. */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';

  constructor(
    readonly reason: TokenRejectionReason,
    readonly detail: TokenRejectionDetail = 'Invalid token',
  ) {
    super(`Access token refused: ${reason}`);
  }
}
