import { JwtSharedModule } from '@signet/jwt-shared';
import { ServiceKitModule } from '@signet/service-kit';
import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { businessConfig } from './config/business.config.js';
import { StatisticsModule } from './statistics/statistics.module.js';
import { TasksModule } from './tasks/tasks.module.js';

@Module({
  imports: [
    ServiceKitModule.forRoot({
      name: 'business',
      config: businessConfig,
      migrations: join(import.meta.dirname, 'database/migrations'),
    }),
    JwtSharedModule.forRoot(),
    TasksModule,
    DashboardModule,
    StatisticsModule,
  ],
})
export class AppModule {}
