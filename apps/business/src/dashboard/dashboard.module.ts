import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { DashboardController } from './dashboard.controller.js';

@Module({ imports: [TasksModule], controllers: [DashboardController] })
export class DashboardModule {}
