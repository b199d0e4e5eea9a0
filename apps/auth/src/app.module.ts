import { JwtSharedModule, keySource, verifierOptions } from '@app/jwt-shared';
import { DatabaseModule, databaseSettings, ServiceKitModule } from '@app/service-kit';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { join } from 'node:path';
import { AbuseModule } from './abuse/abuse.module.js';
import { AuthGuard } from './auth/auth.guard.js';
import { AuthModule } from './auth/auth.module.js';
import { CleaningModule } from './cleaning/cleaning.module.js';
import { authConfig, type AuthConfig } from './config/auth.config.js';
import * as schema from './database/schema.js';
import { OperationsController } from './operations/operations.controller.js';
import { LiveRevocations } from './revocation/live-revocations.js';
import { RevocationModule } from './revocation/revocation.module.js';
import { SessionsModule } from './sessions/sessions.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [authConfig] }),
    DatabaseModule.forRootAsync({
      inject: [authConfig.KEY],
      useFactory: (config: AuthConfig) => ({
        name: 'auth',
        ...databaseSettings(config),
        migrationsFolder: join(import.meta.dirname, 'database/migrations'),
        schema,
      }),
    }),
    JwtSharedModule.forRootAsync({
      imports: [RevocationModule],
      inject: [authConfig.KEY, LiveRevocations],
      useFactory: (config: AuthConfig, revocations: LiveRevocations) => ({
        verifier: verifierOptions(config),
        keys: keySource(config),
        revocations,
      }),
    }),
    AbuseModule,
    AuthModule,
    SessionsModule,
    RevocationModule,
    CleaningModule,
    ServiceKitModule,
  ],
  controllers: [OperationsController],
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }],
})
export class AppModule {}
