import type { ProblemException } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../../config/auth.config.js';
import { tooManyRequests } from '../../rate-limiting/limit-state.js';
import { afterCutOff } from '../../revocation/cut-off.js';
import type { AuthenticatedClient } from '../authentication/client-authentication.service.js';
import type { ClientGrant } from '../client-grant.js';
import { invalidClient, OAuthError } from '../oauth-error.js';
import {
  TokenIssuancesRepository,
  type ExchangeSubject,
  type Issuance,
} from './token-issuances.repository.js';

/** Lets a client have tokens: so many in a minute, at all replicas together. */
@Injectable()
export class TokenIssuanceService {
  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly issuances: TokenIssuancesRepository,
  ) {}

  /**
   * @param grant what the token is to allow
   * @throws {OAuthError} `invalid_client` when the client was disabled or removed, or lost its secret or the grant, just
   * now
   * @throws {ProblemException} 429
   */
  async takeForSelf(client: AuthenticatedClient, grant: ClientGrant): Promise<Issuance> {
    const issuance = await afterCutOff(() => this.issuances.issue(client, grant));
    if (!issuance) throw invalidClient();
    return this.withinLimit(issuance);
  }

  /**
   * @throws {OAuthError} `invalid_grant` when the session, the client or a client of the chain is no longer good
   * @throws {ProblemException} 429
   */
  async takeForUser(
    client: AuthenticatedClient,
    grant: ClientGrant,
    subject: ExchangeSubject,
  ): Promise<Issuance> {
    const issuance = await afterCutOff(() => this.issuances.exchange(client, grant, subject));
    if (!issuance) throw new OAuthError('invalid_grant', 'The subject token is no longer good.');
    return this.withinLimit(issuance);
  }

  private withinLimit(issuance: Issuance): Issuance {
    const { CLIENT_TOKENS_PER_MINUTE: points, RATE_LIMITS } = this.config;
    if (RATE_LIMITS === 'off' || issuance.count <= points) return issuance;
    throw tooManyTokens(points, issuance.resetSeconds);
  }
}

/** The client has had its tokens of this minute. */
export function tooManyTokens(points = 600, resetSeconds = 60): ProblemException {
  const rule = { name: 'client-tokens', of: 'account', points, seconds: 60, counts: 'attempts' } as const;
  return tooManyRequests({ rule, remaining: 0, resetMs: resetSeconds * 1000 });
}
