import { Module } from '@nestjs/common';
import { TasksController } from './tasks.controller.js';
import { TasksListener } from './tasks.listener.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

@Module({
  controllers: [TasksController],
  providers: [TasksListener, TasksRepository, TasksService],
  exports: [TasksService],
})
export class TasksModule {}
