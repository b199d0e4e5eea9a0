import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { AccessTokenClaimsService } from './access-token-claims.service.js';
import { RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';
import { UserRolesService } from './user-roles.service.js';

@Module({
  imports: [AuditModule, EventsModule, RevocationModule],
  providers: [AccessTokenClaimsService, RolesRepository, RolesService, UserRolesService],
  exports: [AccessTokenClaimsService, RolesRepository, RolesService, UserRolesService],
})
export class AuthorizationModule {}
