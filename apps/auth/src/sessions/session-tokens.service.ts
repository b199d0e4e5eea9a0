import { Injectable } from '@nestjs/common';
import { AccessTokenClaimsService } from '../authorization/access-token-claims.service.js';
import { AccessTokenIssuer, type IssuedToken } from '../signing/access-token.issuer.js';
import { RefreshTokensService } from './refresh-tokens.service.js';
import type { LiveSession } from './rotation.repository.js';

/** The tokens of a session, as a client gets them (RFC 6749 §5.1). */
export interface IssuedTokens extends IssuedToken {
  readonly refreshToken: string;
}

@Injectable()
export class SessionTokensService {
  constructor(
    private readonly accessTokens: AccessTokenIssuer,
    private readonly refreshTokens: RefreshTokensService,
    private readonly claims: AccessTokenClaimsService,
  ) {}

  /**
   * @param counter of the refresh token
   * @param audience that was asked for instead of the session's
   */
  async issue(
    session: LiveSession,
    counter: number,
    audience = session.audience ?? undefined,
  ): Promise<IssuedTokens> {
    const { id, userId: subject, issuedAt, authTime, rights } = session;
    const claims = await this.claims.of({ userId: subject, sessionId: id, ...rights });
    const accessToken = this.accessTokens.issue({
      subject,
      session: id,
      audience,
      authTime,
      issuedAt,
      claims,
      ...rights,
    });
    return { ...accessToken, refreshToken: this.refreshTokens.make(session, counter) };
  }
}
