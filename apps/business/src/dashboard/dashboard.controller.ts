import { UserId } from '@signet/jwt-shared';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TasksService } from '../tasks/tasks.service.js';
import { DashboardDto } from './dashboard.dto.js';

@ApiTags('dashboard')
@Controller('dashboard')
export class DashboardController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  @ApiOperation({ summary: 'Greet the caller and count their tasks' })
  @ApiOkResponse({ type: DashboardDto })
  async show(@UserId() userId: string): Promise<DashboardDto> {
    return { message: 'Access granted', user_id: userId, tasks: await this.tasks.count(userId) };
  }
}
