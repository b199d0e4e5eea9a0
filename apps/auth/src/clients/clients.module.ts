import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { AuthenticationThrottle } from './authentication/authentication-throttle.js';
import { ClientAuthenticationMetrics } from './authentication/authentication.metrics.js';
import { ClientAuthenticator } from './authentication/client-authenticator.js';
import { PrivateKeyJwt } from './authentication/private-key-jwt.js';
import { ServiceAccountTokens } from './authentication/service-account-tokens.js';
import { ClientSecrets } from './client-secrets.js';
import { ClientsRepository } from './clients.repository.js';
import { ClientsService } from './clients.service.js';
import { DevelopmentClients } from './development-clients.js';
import { FormParser } from './form-parser.js';

/** Services that call others: OAuth clients, and how they prove who they are. */
@Module({
  imports: [AuditModule, EventsModule, RevocationModule],
  providers: [
    AuthenticationThrottle,
    ClientAuthenticationMetrics,
    ClientAuthenticator,
    ClientSecrets,
    ClientsRepository,
    ClientsService,
    DevelopmentClients,
    FormParser,
    PrivateKeyJwt,
    ServiceAccountTokens,
  ],
  exports: [ClientAuthenticator, ClientsRepository, ClientsService, DevelopmentClients],
})
export class ClientsModule {}
