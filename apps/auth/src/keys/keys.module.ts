import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { KeyMetrics } from './key.metrics.js';
import { KeyRing } from './key-ring.js';
import { KeyRingKeeper } from './key-ring.keeper.js';
import { KeySchedule } from './key-schedule.js';
import { KeyVault } from './key-vault.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { SigningKeysService } from './signing-keys.service.js';
import { WellKnownController } from './well-known.controller.js';

@Module({
  imports: [AuditModule, RevocationModule],
  controllers: [WellKnownController],
  providers: [
    KeyMetrics,
    KeyRing,
    KeyRingKeeper,
    KeySchedule,
    KeyVault,
    SigningKeysRepository,
    SigningKeysService,
  ],
  exports: [KeyRing, SigningKeysRepository],
})
export class KeysModule {}
