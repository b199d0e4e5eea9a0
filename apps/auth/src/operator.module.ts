import { DatabaseModule } from '@signet/service-kit';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { AuditModule } from './audit/audit.module.js';
import { authConfig, type AuthConfig } from './config/auth.config.js';
import { KeyEmergencyService } from './keys/key-emergency.service.js';
import { KeyReencryptionService } from './keys/key-reencryption.service.js';
import { KeySchedule } from './keys/key-schedule.js';
import { KeyVault } from './keys/key-vault.js';
import { SigningKeysRepository } from './keys/signing-keys.repository.js';
import { SigningKeysService } from './keys/signing-keys.service.js';
import { LiveRevocations } from './revocation/live-revocations.js';
import { RevocationsRepository } from './revocation/revocations.repository.js';
import { RevocationsService } from './revocation/revocations.service.js';
import { databaseOptions } from './database.options.js';
import { TransferModule } from './users/transfer/transfer.module.js';

/** What the operator's commands are made of. It shares the database of a service that runs. */
@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [authConfig] }),
    DatabaseModule.forRootAsync({
      inject: [authConfig.KEY],
      useFactory: (config: AuthConfig) => ({ ...databaseOptions(config), sharesServer: true }),
    }),
    AuditModule,
    TransferModule,
  ],
  providers: [
    KeyEmergencyService,
    KeyReencryptionService,
    KeySchedule,
    KeyVault,
    LiveRevocations,
    RevocationsRepository,
    RevocationsService,
    SigningKeysRepository,
    SigningKeysService,
  ],
})
export class OperatorModule {}
