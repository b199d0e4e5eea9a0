import { HttpException } from '@nestjs/common';

/** RFC 6749 §5.2, and `invalid_target` of RFC 8707 §2 and RFC 8693 §2.2.2. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unauthorized_client'
  | 'unsupported_grant_type';

/** How a client authenticates (RFC 7617 §2). */
export const CLIENT_CHALLENGE = { 'WWW-Authenticate': 'Basic realm="signet", charset="UTF-8"' } as const;

/** A request of a client that was refused, in the terms of OAuth. */
export class OAuthError extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  /** @param description for the developer of the client; never what was sent */
  constructor(
    readonly code: OAuthErrorCode,
    readonly description: string,
  ) {
    super({ error: code, error_description: description }, code === 'invalid_client' ? 401 : 400);
    this.headers = code === 'invalid_client' ? CLIENT_CHALLENGE : {};
  }
}

/** The one answer, for every cause, to a client that did not prove who it is (RFC 6749 §5.2). */
export function invalidClient(): OAuthError {
  return new OAuthError('invalid_client', 'The client could not be authenticated.');
}
