import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { EventsModule } from '../events/events.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SigningModule } from '../signing/signing.module.js';
import { RefreshTokensService } from './refresh-tokens.service.js';
import { RefreshController } from './refresh.controller.js';
import { RefreshService } from './refresh.service.js';
import { RotationRepository } from './rotation.repository.js';
import { SessionCookieService } from './session-cookie.service.js';
import { SessionEndsService } from './session-ends.service.js';
import { SessionTokensService } from './session-tokens.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [AuditModule, AuthorizationModule, EventsModule, RevocationModule, SigningModule],
  controllers: [RefreshController, SessionsController],
  providers: [
    RefreshService,
    RefreshTokensService,
    RotationRepository,
    SessionCookieService,
    SessionEndsService,
    SessionTokensService,
    SessionsRepository,
    SessionsService,
  ],
  exports: [RefreshService, SessionCookieService, SessionEndsService, SessionsRepository, SessionsService],
})
export class SessionsModule {}
