import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { EventsModule } from '../events/events.module.js';
import { MailDeliveryService } from '../mail/mail-delivery.service.js';
import { MailModule } from '../mail/mail.module.js';
import { MessageWriter } from '../mail/message.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountExportService } from './account-export.service.js';
import { AccountRemovalService } from './account-removal.service.js';
import { AccountController } from './account.controller.js';
import { AccountService } from './account.service.js';
import { EmailService } from './email.service.js';
import { MessagesService } from './messages.service.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';
import { PasswordResetController } from './password-reset.controller.js';
import { PasswordResetService } from './password-reset.service.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';

@Module({
  imports: [
    AuditModule,
    AuthorizationModule,
    EventsModule,
    MailModule,
    RevocationModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [AccountController, PasswordResetController, RegistrationController],
  providers: [
    AccountExportService,
    AccountRemovalService,
    AccountService,
    EmailService,
    MailDeliveryService,
    OneTimeTokensRepository,
    PasswordResetService,
    RegistrationService,
    { provide: MessageWriter, useClass: MessagesService },
  ],
  exports: [OneTimeTokensRepository],
})
export class AccountsModule {}
