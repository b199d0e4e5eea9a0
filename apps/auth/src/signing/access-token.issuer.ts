import { verifierOptions } from '@signet/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { Signers } from './signers.js';

/** The one client of a deployment without third parties: its own applications (RFC 9068 §2.2, `client_id`). */
const FIRST_PARTY = 'first-party';

const PLAIN = /^[\w-]*$/;

/** An access token and what its holder is told about it (RFC 6749 §5.1). */
export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** The only signer of access tokens. */
@Injectable()
export class AccessTokenIssuer {
  /** The claims that are the same in every token, as the end of a JSON object. */
  private readonly sameClaims: string;

  constructor(
    private readonly signers: Signers,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {
    const { audiences } = verifierOptions(config);
    const aud = audiences.length === 1 ? audiences[0] : audiences;
    this.sameClaims = JSON.stringify({ iss: config.JWT_ISSUER, aud, client_id: FIRST_PARTY }).slice(1);
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
    const exp = iat + expiresIn;
    // Put together by hand: making an object and its JSON takes as long as the signature.
    const payload =
      JWT_PROFILE === 'bare'
        ? `{"sub":${json(userId)},"iat":${iat},"exp":${exp}}`
        : `{"sub":${json(userId)},"iat":${iat},"exp":${exp},"jti":"${randomUUID()}","sid":${json(sessionId)},${this.sameClaims}`;
    return { accessToken: this.signers.current().compact(payload), expiresIn };
  }
}

/** JSON of an id; ours are UUIDs, and need nothing escaped. */
function json(id: string): string {
  return PLAIN.test(id) ? `"${id}"` : JSON.stringify(id);
}
