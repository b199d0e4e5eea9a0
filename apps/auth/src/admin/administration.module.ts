import { Module } from '@nestjs/common';
import { AccountRemovalService } from '../accounts/account-removal.service.js';
import { OneTimeTokensRepository } from '../accounts/one-time-tokens.repository.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { EventsModule } from '../events/events.module.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SessionEndsService } from '../sessions/session-ends.service.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { UsersRepository } from '../users/users.repository.js';
import { AuditQueryService } from './audit-query.service.js';
import { UserAdministrationService } from './user-administration.service.js';
import { UserSearchRepository } from './user-search.repository.js';

/** What both the API and the command line administer with. It runs nothing in the background. */
@Module({
  imports: [AuditModule, AuthorizationModule, EventsModule, RevocationModule],
  providers: [
    AccountRemovalService,
    AuditQueryService,
    MailQueueRepository,
    OneTimeTokensRepository,
    SessionEndsService,
    SessionsRepository,
    UserAdministrationService,
    UserSearchRepository,
    UsersRepository,
  ],
  exports: [
    AuditQueryService,
    AuthorizationModule,
    MailQueueRepository,
    OneTimeTokensRepository,
    UserAdministrationService,
    UsersRepository,
  ],
})
export class AdministrationModule {}
