import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { AuthenticationThrottleService } from './authentication/authentication-throttle.service.js';
import { ClientAuthenticationMetrics } from './authentication/authentication.metrics.js';
import { ClientAuthenticationService } from './authentication/client-authentication.service.js';
import { PrivateKeyJwtService } from './authentication/private-key-jwt.service.js';
import { ServiceAccountTokensService } from './authentication/service-account-tokens.service.js';
import { ClientSecretsService } from './client-secrets.service.js';
import { ClientsRepository } from './clients.repository.js';
import { ClientsService } from './clients.service.js';
import { DevelopmentClientsService } from './development-clients.service.js';
import { FormParserService } from './form-parser.service.js';

/** Services that call others: OAuth clients, and how they prove who they are. */
@Module({
  imports: [AuditModule, EventsModule, RevocationModule],
  providers: [
    AuthenticationThrottleService,
    ClientAuthenticationMetrics,
    ClientAuthenticationService,
    ClientSecretsService,
    ClientsRepository,
    ClientsService,
    DevelopmentClientsService,
    FormParserService,
    PrivateKeyJwtService,
    ServiceAccountTokensService,
  ],
  exports: [ClientAuthenticationService, ClientsRepository, ClientsService, DevelopmentClientsService],
})
export class ClientsModule {}
