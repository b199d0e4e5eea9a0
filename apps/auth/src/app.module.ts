import { JwtAuthGuard, JwtSharedModule, keySource, verifierOptions } from '@app/jwt-shared';
import { DatabaseModule, ServiceKitModule } from '@app/service-kit';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { join } from 'node:path';
import { AuthModule } from './auth/auth.module.js';
import { authConfig, type AuthConfig } from './config/auth.config.js';
import * as schema from './database/schema.js';
import { OperationsController } from './operations/operations.controller.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [authConfig] }),
    DatabaseModule.forRootAsync({
      inject: [authConfig.KEY],
      useFactory: ({ DATABASE_URL, DATA_DIR }: AuthConfig) => ({
        name: 'auth',
        url: DATABASE_URL,
        dataDir: DATA_DIR,
        migrationsFolder: join(import.meta.dirname, 'database/migrations'),
        schema,
      }),
    }),
    JwtSharedModule.forRootAsync({
      inject: [authConfig.KEY],
      useFactory: (config: AuthConfig) => ({ verifier: verifierOptions(config), keys: keySource(config) }),
    }),
    AuthModule,
    ServiceKitModule,
  ],
  controllers: [OperationsController],
  providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }],
})
export class AppModule {}
