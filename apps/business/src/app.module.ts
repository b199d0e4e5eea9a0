import { JwtSharedModule } from '@signet/jwt-shared';
import { ServiceKitModule } from '@signet/service-kit';
import { Module } from '@nestjs/common';
import { receiveAccountEvents } from './account-events/account-events.receiver.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { SERVICE } from './service.options.js';
import { StatisticsModule } from './statistics/statistics.module.js';
import { TasksModule } from './tasks/tasks.module.js';

@Module({
  imports: [
    ServiceKitModule.forRoot(SERVICE),
    JwtSharedModule.forRoot(),
    receiveAccountEvents(),
    TasksModule,
    DashboardModule,
    StatisticsModule,
  ],
})
export class AppModule {}
