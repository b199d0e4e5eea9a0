import {
  cacheLimits,
  JwtAuthGuard,
  JwtSharedModule,
  keySource,
  maxRevocationAge,
  RevocationFeedClient,
  TokenMetrics,
  verifierOptions,
} from '@signet/jwt-shared';
import { DatabaseModule, databaseSettings, MetricsRegistry, ServiceKitModule } from '@signet/service-kit';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { join } from 'node:path';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { businessConfig, type BusinessConfig } from './config/business.config.js';
import { RevocationFeedModule } from './revocation/revocation-feed.module.js';
import { TasksModule } from './tasks/tasks.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [businessConfig] }),
    DatabaseModule.forRootAsync({
      inject: [businessConfig.KEY],
      useFactory: (config: BusinessConfig) => ({
        name: 'business',
        ...databaseSettings(config),
        migrationsFolder: join(import.meta.dirname, 'database/migrations'),
      }),
    }),
    JwtSharedModule.forRootAsync({
      imports: [RevocationFeedModule],
      inject: [businessConfig.KEY, RevocationFeedClient],
      useFactory: (config: BusinessConfig, feed: RevocationFeedClient) => ({
        verifier: verifierOptions(config),
        keys: keySource(config),
        cache: cacheLimits(config),
        revocations: feed,
        maxRevocationAge: maxRevocationAge(config),
      }),
    }),
    TasksModule,
    DashboardModule,
    ServiceKitModule,
  ],
  providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }],
})
export class AppModule {
  constructor(tokens: TokenMetrics, metrics: MetricsRegistry) {
    tokens.showIn(metrics);
  }
}
