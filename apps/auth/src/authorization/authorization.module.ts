import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { AccessTokenClaims } from './access-token-claims.js';
import { RightsRepository } from './rights.repository.js';
import { RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';
import { UserRolesService } from './user-roles.service.js';

@Module({
  imports: [AuditModule, EventsModule, RevocationModule],
  providers: [AccessTokenClaims, RightsRepository, RolesRepository, RolesService, UserRolesService],
  exports: [AccessTokenClaims, RightsRepository, RolesRepository, RolesService, UserRolesService],
})
export class AuthorizationModule {}
