import { AllowClients, Scopes } from '@signet/jwt-shared';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TasksService } from '../tasks/tasks.service.js';
import { StatisticsDto } from './statistics.dto.js';

/** For other services, which act for themselves here, and for users with the scope. */
@ApiTags('statistics')
@AllowClients()
@Scopes('tasks:statistics')
@Controller('statistics')
export class StatisticsController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  @ApiOperation({ summary: 'Count the tasks of all users' })
  @ApiOkResponse({ type: StatisticsDto })
  async show(): Promise<StatisticsDto> {
    return { tasks: await this.tasks.countAll() };
  }
}
