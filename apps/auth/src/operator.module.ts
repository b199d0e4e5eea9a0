import { DatabaseModule } from '@app/service-kit';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { AuditModule } from './audit/audit.module.js';
import { authConfig, type AuthConfig } from './config/auth.config.js';
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
})
export class OperatorModule {}
