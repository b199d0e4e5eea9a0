import { Inject, Injectable } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../../config/auth.config.js';
import {
  ClientAuthenticationService,
  type AuthenticatableRequest,
  type AuthenticatedClient,
} from '../authentication/client-authentication.service.js';
import { DevelopmentClientsService } from '../development-clients.service.js';
import type { FormBody } from '../form-body.js';
import { OAuthError } from '../oauth-error.js';
import { ClientCredentialsGrant } from './grants/client-credentials.grant.js';
import { requestedScopes, required, type Grant, type TokenResponse } from './grants/grant.js';
import { TokenExchangeGrant } from './grants/token-exchange.grant.js';
import { OAuthMetrics } from './oauth.metrics.js';

const CLIENT_CREDENTIALS = 'client_credentials';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Issues tokens to clients, by the grant that they ask for. */
@Injectable()
export class TokenService {
  private readonly grants: ReadonlyMap<string, Grant>;

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    clientCredentials: ClientCredentialsGrant,
    tokenExchange: TokenExchangeGrant,
    private readonly authenticator: ClientAuthenticationService,
    private readonly development: DevelopmentClientsService,
    private readonly metrics: OAuthMetrics,
  ) {
    this.grants = new Map<string, Grant>([
      [CLIENT_CREDENTIALS, clientCredentials],
      [TOKEN_EXCHANGE, tokenExchange],
    ]);
  }

  /**
   * Issues a token to the client of a request. A client that is remembered gets it by one statement, which shows that it
   * still is what it was; before it is refused anything, it is read anew.
   *
   * @throws {OAuthError} RFC 6749 §5.2
   * @throws {ProblemException} 429 after too many failed authentications, or too many tokens of the client
   */
  issue(request: AuthenticatableRequest, form: FormBody): Promise<TokenResponse> {
    return this.authenticator.asClientOf(request, async (client) => {
      const type = required(form, 'grant_type');
      const grant = this.config.JWT_PROFILE === 'bare' ? undefined : this.grants.get(type);
      if (!grant) throw new OAuthError('unsupported_grant_type', 'There is no such grant type here.');
      // Clients may have it with the scope `events`, for which they need no token.
      if (form.get('audience') === this.config.JWT_OWN_AUDIENCE)
        throw new OAuthError('invalid_target', 'No client gets tokens for auth itself.');
      const name = type === TOKEN_EXCHANGE ? 'exchange' : 'client_credentials';
      return this.metrics.watch(name, client, () => this.issueBy(grant, client, form));
    });
  }

  /** In development a service of the workspace gets what it asks for. */
  private async issueBy(grant: Grant, client: AuthenticatedClient, form: FormBody): Promise<TokenResponse> {
    try {
      return await grant.issue(client, form);
    } catch (error) {
      const [audience, scopes = []] = [form.get('audience'), requestedScopes(form)];
      const isGrantMissing = error instanceof OAuthError && /^invalid_(target|scope)$/.test(error.code);
      if (!isGrantMissing || audience === undefined) throw error;
      const extended = await this.development.grant(client.clientId, audience, scopes);
      if (!extended) throw error;
      return grant.issue({ ...client, grants: extended }, form);
    }
  }
}
