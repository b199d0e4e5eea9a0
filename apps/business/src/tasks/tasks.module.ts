import { Module } from '@nestjs/common';
import { TasksController } from './tasks.controller.js';
import { TasksErasure } from './tasks.erasure.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

@Module({
  controllers: [TasksController],
  providers: [TasksErasure, TasksRepository, TasksService],
  exports: [TasksService],
})
export class TasksModule {}
