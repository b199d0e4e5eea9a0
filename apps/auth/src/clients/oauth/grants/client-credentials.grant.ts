import { Injectable } from '@nestjs/common';
import { AccessTokenIssuer } from '../../../signing/access-token.issuer.js';
import type { AuthenticatedClient } from '../../authentication/client-authentication.service.js';
import type { FormBody } from '../../form-body.js';
import { TokenIssuanceService } from '../token-issuance.service.js';
import { allowedScopes, grantFor, requestedAudience, requestedScopes, tokenResponse } from './grant.js';
import type { Grant, TokenResponse } from './grant.js';

/** `client_credentials` (RFC 6749 §4.4): a service acts for itself. `sub` is the client, and there is no `sid`. */
@Injectable()
export class ClientCredentialsGrant implements Grant {
  constructor(
    private readonly issuance: TokenIssuanceService,
    private readonly issuer: AccessTokenIssuer,
  ) {}

  async issue(client: AuthenticatedClient, form: FormBody): Promise<TokenResponse> {
    const audience = requestedAudience(form);
    const scopes = allowedScopes(grantFor(client, audience), requestedScopes(form));
    const { clientId } = client;
    const { issuedAt } = await this.issuance.takeForSelf(client, { audience, scopes });
    const { accessToken, expiresIn } = this.issuer.issue({
      subject: clientId,
      client: clientId,
      audience,
      scopes,
      issuedAt,
    });
    return tokenResponse(accessToken, expiresIn, scopes);
  }
}
