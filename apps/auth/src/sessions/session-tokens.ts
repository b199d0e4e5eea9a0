import { Injectable } from '@nestjs/common';
import { RevocationsService } from '../revocation/revocations.service.js';
import { AccessTokenIssuer, type IssuedToken } from '../signing/access-token.issuer.js';
import { RefreshTokens } from './refresh-tokens.js';

/** The tokens of a session, as a client gets them (RFC 6749 §5.1). */
export interface IssuedTokens extends IssuedToken {
  readonly refreshToken: string;
}

interface Session {
  readonly id: string;
  readonly userId: string;
  readonly seed: Buffer;
}

/** Issues a session's pair of tokens. */
@Injectable()
export class SessionTokens {
  constructor(
    private readonly accessTokens: AccessTokenIssuer,
    private readonly refreshTokens: RefreshTokens,
    private readonly revocations: RevocationsService,
  ) {}

  /** @param counter of the refresh token */
  async issue(session: Session, counter: number): Promise<IssuedTokens> {
    await this.revocations.afterCutOff(session.userId);
    const accessToken = this.accessTokens.issue(session.userId, session.id);
    return { ...accessToken, refreshToken: this.refreshTokens.make(session, counter) };
  }
}
