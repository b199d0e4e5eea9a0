import { Module } from '@nestjs/common';
import { RevocationModule } from '../../revocation/revocation.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { SigningModule } from '../../signing/signing.module.js';
import { ClientsModule } from '../clients.module.js';
import { ClientCredentialsGrant } from './grants/client-credentials.grant.js';
import { TokenExchangeGrant } from './grants/token-exchange.grant.js';
import { ExchangeAuditRepository } from './exchange-audit.repository.js';
import { IntrospectionService } from './introspection.service.js';
import { IssuedTokensService } from './issued-tokens.service.js';
import { OAuthController } from './oauth.controller.js';
import { OAuthMetrics } from './oauth.metrics.js';
import { TokenIssuancesRepository } from './token-issuances.repository.js';
import { TokenIssuanceService } from './token-issuance.service.js';
import { TokenRevocationService } from './token-revocation.service.js';
import { TokenService } from './token.service.js';

/** The OAuth 2.0 routes for services: tokens, introspection, revocation. */
@Module({
  imports: [ClientsModule, RevocationModule, SessionsModule, SigningModule],
  controllers: [OAuthController],
  providers: [
    ClientCredentialsGrant,
    ExchangeAuditRepository,
    IntrospectionService,
    IssuedTokensService,
    OAuthMetrics,
    TokenExchangeGrant,
    TokenIssuancesRepository,
    TokenIssuanceService,
    TokenRevocationService,
    TokenService,
  ],
})
export class OAuthModule {}
