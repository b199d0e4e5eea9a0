import { ServiceKitModule } from '@signet/service-kit';
import { Module } from '@nestjs/common';
import { AdministrationModule } from './admin/administration.module.js';
import { AuditModule } from './audit/audit.module.js';
import { ClientSecretsService } from './clients/client-secrets.service.js';
import { ClientsRepository } from './clients/clients.repository.js';
import { ClientsService } from './clients/clients.service.js';
import { RevocationModule } from './revocation/revocation.module.js';
import { EventsModule } from './events/events.module.js';
import { SERVICE } from './service.options.js';
import { KeyEncryptionService } from './signing/key-encryption.service.js';
import { KeyRevocationService } from './signing/key-revocation.service.js';
import { KeyScheduleService } from './signing/key-schedule.service.js';
import { SigningKeysRepository } from './signing/signing-keys.repository.js';
import { SigningKeysService } from './signing/signing-keys.service.js';
import { TransferModule } from './users/transfer/transfer.module.js';

/** What the operator's commands are made of. It shares the database of a service that runs. */
@Module({
  imports: [
    ServiceKitModule.forCommands(SERVICE),
    AdministrationModule,
    AuditModule,
    EventsModule,
    RevocationModule,
    TransferModule,
  ],
  providers: [
    ClientSecretsService,
    ClientsRepository,
    ClientsService,
    KeyRevocationService,
    KeyScheduleService,
    KeyEncryptionService,
    SigningKeysRepository,
    SigningKeysService,
  ],
})
export class CommandLineModule {}
