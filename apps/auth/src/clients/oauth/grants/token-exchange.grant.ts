import type { AccessToken, Actor } from '@signet/jwt-shared';
import { verifierOptions } from '@signet/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { authConfig, type AuthConfig } from '../../../config/auth.config.js';
import { AccessTokenIssuer } from '../../../signing/access-token.issuer.js';
import type { AuthenticatedClient } from '../../authentication/client-authentication.service.js';
import type { FormBody } from '../../form-body.js';
import { OAuthError } from '../../oauth-error.js';
import { ExchangeAuditRepository } from '../exchange-audit.repository.js';
import { IssuedTokensService, type IssuedToken } from '../issued-tokens.service.js';
import { TokenIssuanceService } from '../token-issuance.service.js';
import {
  allowedScopes,
  grantFor,
  required,
  requestedAudience,
  requestedScopes,
  tokenResponse,
} from './grant.js';
import type { Grant, TokenResponse } from './grant.js';

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
/** The longest chain of clients that act for each other. */
const MAX_ACTORS = 4;

/**
 * Token exchange (RFC 8693): a service that was called by a user calls the next one for that user. The new token has
 * the user's `sub` and the same `sid`, so that it ends with the session; it is for one audience, allows no
 * more than the old one and the client's grant, does not outlive the old one, and names in `act` who acts.
 */
@Injectable()
export class TokenExchangeGrant implements Grant {
  /** What a token is for that is good at every service. */
  private readonly everywhere: readonly string[];

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly tokens: IssuedTokensService,
    private readonly issuance: TokenIssuanceService,
    private readonly issuer: AccessTokenIssuer,
    private readonly audit: ExchangeAuditRepository,
  ) {
    this.everywhere = verifierOptions(config).audiences;
  }

  async issue(client: AuthenticatedClient, form: FormBody): Promise<TokenResponse> {
    if (!client.onBehalfOfUsers)
      throw new OAuthError('unauthorized_client', 'The client may not act on behalf of users.');
    assertTokenTypes(form);
    const text = required(form, 'subject_token');
    const audience = requestedAudience(form);
    const grant = grantFor(client, audience);
    const allowed = allowedScopes(grant, requestedScopes(form));
    const subject = await this.subjectOf(text, client, audience);
    const scopes = narrowed(allowed, subject, form.get('scope') !== undefined);
    const { clientId } = client;
    const before = actorsOf(subject.actor);
    const stoodOn = { ...subject, actors: before };
    const { issuedAt } = await this.issuance.takeForUser(client, { audience, scopes }, stoodOn);
    const expiresIn = Math.min(this.config.JWT_EXPIRES_IN, Math.floor(subject.expiresAt) - issuedAt);
    if (expiresIn < 1) throw notGood();
    await this.audit.recordOnce({ ...subject, actors: [clientId, ...before], audience });
    const { accessToken } = this.issuer.issue({
      subject: subject.userId,
      session: subject.sessionId,
      authTime: subject.authTime,
      roles: subject.roles,
      client: clientId,
      actor: { clientId, actor: subject.actor },
      audience,
      scopes,
      issuedAt,
      expiresIn,
    });
    return { ...tokenResponse(accessToken, expiresIn, scopes), issued_token_type: ACCESS_TOKEN };
  }

  private async subjectOf(text: string, client: AuthenticatedClient, audience: string) {
    const issued = await this.tokens.verify(text);
    if (!issued || !this.mayExchange(issued, client, audience)) throw notGood();
    const { token, kid } = issued;
    const { sessionId = '' } = token;
    if (token.principal.kind !== 'user' || !isUUID(token.userId) || !isUUID(sessionId)) throw notGood();
    const { userId, tokenId, issuedAt, expiresAt, authTime, roles, scopes, actor } = token;
    if (actorsOf(actor).length >= MAX_ACTORS)
      throw new OAuthError('invalid_grant', `At most ${MAX_ACTORS} clients act for each other.`);
    return { userId, sessionId, tokenId, issuedAt, expiresAt, authTime, roles, scopes, actor, kid };
  }

  /**
   * Whether a client may exchange a token: one that was meant for it, or one that is good at every service, as a login
   * gives it. A token that was meant for another service alone leads nowhere else: stolen or received there, it can be
   * used there and nowhere else.
   */
  private mayExchange(
    { token, audiences }: IssuedToken,
    { clientId }: AuthenticatedClient,
    audience: string,
  ): boolean {
    const isMeantForIt = audiences.includes(clientId) || token.clientId === clientId;
    const isUnrestricted = !token.actor && this.everywhere.every((name) => audiences.includes(name));
    return isMeantForIt || isUnrestricted || audiences.includes(audience);
  }
}

function assertTokenTypes(form: FormBody): void {
  const isAccessToken = required(form, 'subject_token_type') === ACCESS_TOKEN;
  if (!isAccessToken || (form.get('requested_token_type') ?? ACCESS_TOKEN) !== ACCESS_TOKEN)
    throw new OAuthError('invalid_request', `Tokens are exchanged as ${ACCESS_TOKEN} only.`);
  if (form.get('actor_token') !== undefined)
    throw new OAuthError(
      'invalid_request',
      'The acting party is the client itself; there is no actor_token.',
    );
}

/** Asked for scopes none of which the user has, a token would be good for nothing of what it was meant for. */
function narrowed(allowed: readonly string[], { scopes }: Pick<AccessToken, 'scopes'>, isAsked: boolean) {
  const both = allowed.filter((scope) => scopes.includes(scope));
  if (isAsked && allowed.length > 0 && both.length === 0)
    throw new OAuthError('invalid_scope', 'The subject token allows none of the scopes.');
  return both;
}

function actorsOf(actor: Actor | undefined): readonly string[] {
  return actor === undefined ? [] : [actor.clientId, ...actorsOf(actor.actor)];
}

function notGood(): OAuthError {
  return new OAuthError('invalid_grant', 'The subject token is not good for this client.');
}
