import { verifierOptions } from '@app/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { createSecretKey, randomUUID, type KeyObject } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';

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
  /** A `KeyObject`, as importing a string on every signature costs more than the signature. */
  private readonly key: KeyObject;

  constructor(
    private readonly jwt: JwtService,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {
    this.key = createSecretKey(Buffer.from(config.JWT_SECRET ?? '', 'utf8'));
  }

  /**
   * Signs a token for one person and session: in profile `rfc9068` as RFC 9068 §2 lays it out, in profile
   * `bare` with `sub`, `iat` and `exp` alone.
   */
  issue(userId: string, sessionId: string): IssuedToken {
    const expiresIn = this.config.JWT_EXPIRES_IN;
    const iat = Math.floor(Date.now() / 1000);
    const claims = { sub: userId, iat, exp: iat + expiresIn };
    const accessToken =
      this.config.JWT_PROFILE === 'bare'
        ? this.sign(claims)
        : this.sign({ ...claims, ...this.profile(sessionId) }, 'at+jwt');
    return { accessToken, expiresIn };
  }

  private profile(sessionId: string) {
    const { audiences } = verifierOptions(this.config);
    return {
      iss: this.config.JWT_ISSUER,
      aud: audiences.length === 1 ? audiences[0] : audiences,
      client_id: FIRST_PARTY,
      jti: randomUUID(),
      sid: sessionId,
    };
  }

  private sign(claims: object, typ = 'JWT'): string {
    const { JWT_ALGORITHM: alg } = this.config;
    return this.jwt.sign(claims, { privateKey: this.key, algorithm: alg, header: { alg, typ } });
  }
}
