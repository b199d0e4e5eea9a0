import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { SigningModule } from '../signing/signing.module.js';
import { ExpiryService } from './expiry.service.js';

@Module({
  imports: [AuditModule, SigningModule, AccountsModule, ClientsModule, RevocationModule, SessionsModule],
  providers: [ExpiryService],
})
export class ExpiryModule {}
