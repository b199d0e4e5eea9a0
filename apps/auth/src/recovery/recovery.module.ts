import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { LetterWriter } from '../mail/letter.js';
import { MailModule } from '../mail/mail.module.js';
import { MailWorker } from '../mail/mail-worker.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { EmailService } from './email.service.js';
import { LettersService } from './letters.service.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';
import { PasswordResetService } from './password-reset.service.js';
import { RecoveryController } from './recovery.controller.js';
import { RegistrationService } from './registration.service.js';

@Module({
  imports: [AuditModule, MailModule, RevocationModule, SessionsModule, UsersModule],
  controllers: [RecoveryController],
  providers: [
    EmailService,
    MailWorker,
    OneTimeTokensRepository,
    PasswordResetService,
    RegistrationService,
    { provide: LetterWriter, useClass: LettersService },
  ],
  exports: [MailModule, OneTimeTokensRepository, RegistrationService],
})
export class RecoveryModule {}
