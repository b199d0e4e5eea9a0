import { Injectable } from '@nestjs/common';
import { AccessTokenIssuer, type IssuedToken } from '../signing/access-token.issuer.js';
import { RefreshTokens } from './refresh-tokens.js';

/** The tokens of a session, as a client gets them (RFC 6749 §5.1). */
export interface IssuedTokens extends IssuedToken {
  readonly refreshToken: string;
}

/** A session that is known to live, and when that was known. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly seed: Buffer;
  /** Whole seconds since the epoch, by the database's clock. */
  readonly issuedAt: number;
  /** When the user logged in, in the same way. */
  readonly authTime: number;
  /** What its access tokens are for; everything that is configured where the login did not ask for one audience. */
  readonly audience: string | null;
}

/** Issues a session's pair of tokens. */
@Injectable()
export class SessionTokens {
  constructor(
    private readonly accessTokens: AccessTokenIssuer,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  /**
   * @param counter of the refresh token
   * @param audience that was asked for instead of the session's
   */
  issue(session: LiveSession, counter: number, audience = session.audience ?? undefined): IssuedTokens {
    const { id, userId: subject, issuedAt, authTime } = session;
    const accessToken = this.accessTokens.issue({ subject, session: id, authTime, issuedAt, audience });
    return { ...accessToken, refreshToken: this.refreshTokens.make(session, counter) };
  }
}
