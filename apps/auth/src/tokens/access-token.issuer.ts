import { verifierOptions } from '@app/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { Signers } from './signers.js';

/** The one client of a deployment without third parties: its own applications (RFC 9068 §2.2, `client_id`). */
const FIRST_PARTY = 'first-party';

/** An access token and what its holder is told about it (RFC 6749 §5.1). */
export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** The only signer of access tokens. */
@Injectable()
export class AccessTokenIssuer {
  private readonly audience: string | readonly string[] | undefined;

  constructor(
    private readonly signers: Signers,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {
    const { audiences } = verifierOptions(config);
    this.audience = audiences.length === 1 ? audiences[0] : audiences;
  }

  /**
   * Signs a token for one person and session: in profile `rfc9068` as RFC 9068 §2 lays it out, in profile
   * `bare` with `sub`, `iat` and `exp` alone.
   *
   * @throws {ProblemException} 503 when there is no key to sign with
   */
  issue(userId: string, sessionId: string): IssuedToken {
    const { JWT_EXPIRES_IN: expiresIn, JWT_PROFILE } = this.config;
    const iat = Math.floor(Date.now() / 1000);
    const claims = { sub: userId, iat, exp: iat + expiresIn };
    const accessToken = this.signers
      .current()
      .compact(JWT_PROFILE === 'bare' ? claims : { ...claims, ...this.profile(sessionId) });
    return { accessToken, expiresIn };
  }

  private profile(sessionId: string) {
    return {
      iss: this.config.JWT_ISSUER,
      aud: this.audience,
      client_id: FIRST_PARTY,
      jti: randomUUID(),
      sid: sessionId,
    };
  }
}
