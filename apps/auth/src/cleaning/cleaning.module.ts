import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { RecoveryModule } from '../recovery/recovery.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { Cleaner } from './cleaner.js';

@Module({
  imports: [AuditModule, KeysModule, RecoveryModule, RevocationModule, SessionsModule],
  providers: [Cleaner],
})
export class CleaningModule {}
