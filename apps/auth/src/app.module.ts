import { JwtSharedModule, keySource, TokenMetrics, verifierOptions } from '@signet/jwt-shared';
import { DatabaseModule, MetricsRegistry, ServiceKitModule } from '@signet/service-kit';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { AbuseModule } from './abuse/abuse.module.js';
import { AuthGuard } from './auth/auth.guard.js';
import { AuthModule } from './auth/auth.module.js';
import { CleaningModule } from './cleaning/cleaning.module.js';
import { authConfig, type AuthConfig } from './config/auth.config.js';
import { databaseOptions } from './database.options.js';
import { OperationsController } from './operations/operations.controller.js';
import { KeyRing } from './keys/key-ring.js';
import { KeysModule } from './keys/keys.module.js';
import { LiveRevocations } from './revocation/live-revocations.js';
import { RevocationModule } from './revocation/revocation.module.js';
import { SessionsModule } from './sessions/sessions.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [authConfig] }),
    DatabaseModule.forRootAsync({
      inject: [authConfig.KEY],
      useFactory: databaseOptions,
    }),
    JwtSharedModule.forRootAsync({
      imports: [KeysModule, RevocationModule],
      inject: [authConfig.KEY, KeyRing, LiveRevocations],
      useFactory: (config: AuthConfig, ring: KeyRing, revocations: LiveRevocations) => ({
        verifier: verifierOptions(config),
        keys: config.JWT_ALGORITHM === 'HS256' ? keySource(config) : ring,
        revocations,
      }),
    }),
    AbuseModule,
    AuthModule,
    SessionsModule,
    RevocationModule,
    KeysModule,
    CleaningModule,
    ServiceKitModule,
  ],
  controllers: [OperationsController],
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }],
})
export class AppModule {
  constructor(tokens: TokenMetrics, metrics: MetricsRegistry) {
    tokens.showIn(metrics);
  }
}
