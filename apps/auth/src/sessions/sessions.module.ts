import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { RefreshMetrics } from './refresh.metrics.js';
import { RefreshService } from './refresh.service.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RotationRepository } from './rotation.repository.js';
import { SessionTokens } from './session-tokens.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [AuditModule, RevocationModule, TokensModule],
  controllers: [SessionsController],
  providers: [
    RefreshMetrics,
    RefreshService,
    RefreshTokens,
    RotationRepository,
    SessionTokens,
    SessionsRepository,
    SessionsService,
  ],
  exports: [RefreshService, SessionsRepository, SessionsService],
})
export class SessionsModule {}
