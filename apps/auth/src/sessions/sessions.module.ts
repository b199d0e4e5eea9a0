import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { EventsModule } from '../events/events.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SigningModule } from '../signing/signing.module.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RefreshController } from './refresh.controller.js';
import { RefreshMetrics } from './refresh.metrics.js';
import { RefreshService } from './refresh.service.js';
import { RotationRepository } from './rotation.repository.js';
import { SessionCookieService } from './session-cookie.service.js';
import { SessionEndsService } from './session-ends.service.js';
import { SessionTokens } from './session-tokens.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [AuditModule, AuthorizationModule, EventsModule, RevocationModule, SigningModule],
  controllers: [RefreshController, SessionsController],
  providers: [
    RefreshMetrics,
    RefreshService,
    RefreshTokens,
    RotationRepository,
    SessionCookieService,
    SessionEndsService,
    SessionTokens,
    SessionsRepository,
    SessionsService,
  ],
  exports: [RefreshService, SessionCookieService, SessionEndsService, SessionsRepository, SessionsService],
})
export class SessionsModule {}
