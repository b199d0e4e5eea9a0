import { verifierOptions, type Actor } from '@signet/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { tokenTooLarge } from './signing-keys.errors.js';
import { SignerSource } from './jws-signer.js';

/** The client of the deployment's own applications (RFC 9068 §2.2, `client_id`). */
export const FIRST_PARTY = 'first-party';

/** Bytes of the longest token: proxies and servers cut off headers of 8 KiB, and a request has others. */
const MAX_TOKEN_LENGTH = 4096;

export interface AccessTokenRequest {
  /** `sub`: the id of a user, or of a client that acts for itself. */
  readonly subject: string;
  /** `client_id`; the deployment's own applications unless told. */
  readonly client?: string | undefined;
  /** `aud`; every configured audience and auth itself unless told. */
  readonly audience?: string | readonly string[] | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  /** `sid`; a client's own token has none. */
  readonly session?: string | undefined;
  /** `act` (RFC 8693 §4.1). */
  readonly actor?: Actor | undefined;
  /** `auth_time`: when the user logged in, whole seconds since the epoch. */
  readonly authTime?: number | undefined;
  /**
   * `iat`, whole seconds by the clock of the database: from the statement that has shown that the session (or the
   * client) lives and what it may do. Cut-offs are told by the same clock.
   */
  readonly issuedAt: number;
  /** Seconds, at most `JWT_EXPIRES_IN`, which it is unless told. */
  readonly expiresIn?: number | undefined;
  /** Claims of the team's own; none of them replaces one of the above. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** An access token and what its holder is told about it (RFC 6749 §5.1). */
export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** The only signer of access tokens. */
@Injectable()
export class AccessTokenIssuer {
  private readonly loginAudience: string | readonly string[];

  constructor(
    private readonly signers: SignerSource,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {
    const { audiences } = verifierOptions(config);
    this.loginAudience = oneOrMore([...new Set([...audiences, config.JWT_OWN_AUDIENCE])]);
  }

  /**
   * Signs a token: in profile `rfc9068` as RFC 9068 §2 lays it out, in profile `bare` with `sub`, `iat` and `exp`
   * alone.
   *
   * @throws {ProblemException} 503 when there is no key to sign with, 500 `TOKEN_TOO_LARGE` beyond
   * {@link MAX_TOKEN_LENGTH}
   */
  issue(request: AccessTokenRequest): IssuedToken {
    const { JWT_EXPIRES_IN, JWT_PROFILE } = this.config;
    const expiresIn = Math.min(request.expiresIn ?? JWT_EXPIRES_IN, JWT_EXPIRES_IN);
    const { subject: sub, issuedAt: iat } = request;
    const exp = iat + expiresIn;
    const payload = JWT_PROFILE === 'bare' ? { sub, iat, exp } : this.claimsOf(request, exp);
    const accessToken = this.signers.current().compact(JSON.stringify(payload));
    if (accessToken.length > MAX_TOKEN_LENGTH) throw tokenTooLarge(accessToken.length);
    return { accessToken, expiresIn };
  }

  /**
   * What is `undefined` is left out of the JSON, also where a claim of the team's own has the same name. One literal without
   * a copy: copies of it cost as much as its JSON.
   */
  private claimsOf(request: AccessTokenRequest, exp: number): object {
    const { audience = this.loginAudience, client = FIRST_PARTY, scopes = [], roles = [], actor } = request;
    const own = {
      iss: this.config.JWT_ISSUER,
      sub: request.subject,
      aud: oneOrMore(audience),
      client_id: client,
      sid: request.session,
      // As one string: `randomUUID` gives a chain of pieces, which JSON.stringify would read by its slow path.
      jti: randomUUID().toLowerCase(),
      iat: request.issuedAt,
      nbf: undefined,
      exp,
      auth_time: request.authTime,
      scope: scopes.length > 0 ? scopes.join(' ') : undefined,
      roles: roles.length > 0 ? roles : undefined,
      act: actor && actClaim(actor),
    };
    return request.claims === undefined ? own : { ...request.claims, ...own };
  }
}

function oneOrMore(audience: string | readonly string[]): string | readonly string[] {
  return typeof audience !== 'string' && audience.length === 1 ? (audience[0] ?? audience) : audience;
}

function actClaim({ clientId, actor }: Actor): object {
  return { sub: clientId, act: actor && actClaim(actor) };
}
