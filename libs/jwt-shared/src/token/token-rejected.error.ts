/** Why a token was refused: for metrics and logs, never for the client. */
export type TokenRejectionReason =
  | 'malformed'
  | 'algorithm'
  | 'header'
  | 'type'
  | 'claims'
  | 'issuer'
  | 'audience'
  | 'lifetime'
  | 'not_yet_valid'
  | 'unknown_key'
  | 'signature'
  | 'expired'
  | 'revoked';

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
