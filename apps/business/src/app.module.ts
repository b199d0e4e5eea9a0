import { JwtSharedModule } from '@signet/jwt-shared';
import { DatabaseModule, databaseSettings, ServiceKitModule } from '@signet/service-kit';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { join } from 'node:path';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { businessConfig, type BusinessConfig } from './config/business.config.js';
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
    JwtSharedModule.forRoot(),
    TasksModule,
    DashboardModule,
    ServiceKitModule,
  ],
})
export class AppModule {}
