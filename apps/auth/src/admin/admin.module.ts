import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SigningModule } from '../signing/signing.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminAuditController } from './admin-audit.controller.js';
import { AdminErasuresController } from './admin-erasures.controller.js';
import { AdminKeysController } from './admin-keys.controller.js';
import { AdminRolesController } from './admin-roles.controller.js';
import { AdminUsersController } from './admin-users.controller.js';
import { AdministrationModule } from './administration.module.js';
import { InvitationService } from './invitation.service.js';

/** The API of administrators. */
@Module({
  imports: [AdministrationModule, AuditModule, EventsModule, RevocationModule, SigningModule, UsersModule],
  controllers: [
    AdminAuditController,
    AdminErasuresController,
    AdminKeysController,
    AdminRolesController,
    AdminUsersController,
  ],
  providers: [InvitationService],
})
export class AdminModule {}
