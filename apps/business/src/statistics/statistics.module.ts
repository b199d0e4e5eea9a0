import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { StatisticsController } from './statistics.controller.js';

@Module({ imports: [TasksModule], controllers: [StatisticsController] })
export class StatisticsModule {}
