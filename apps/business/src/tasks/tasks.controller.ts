import { Roles, UserId } from '@signet/jwt-shared';
import { ApiProblems } from '@signet/service-kit';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChangeTaskDto } from './dto/change-task.dto.js';
import { CreateTaskDto } from './dto/create-task.dto.js';
import { toDueAt } from './dto/due-at.js';
import { ListTasksDto } from './dto/list-tasks.dto.js';
import { TaskDto, TaskListDto } from './dto/task.dto.js';
import { OwnerIdPipe } from './owner-id.pipe.js';
import { taskNotFound, tooManyTasks } from './tasks.errors.js';
import { TasksService } from './tasks.service.js';

/** Lets only ids through that a task can have; no other is anybody's task. */
const TASK_ID = new ParseUUIDPipe({ exceptionFactory: taskNotFound });

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Post()
  @ApiProblems(tooManyTasks)
  @ApiOperation({ summary: 'Create a task' })
  @ApiCreatedResponse({ type: TaskDto })
  async create(@UserId() userId: string, @Body() { title, due_at }: CreateTaskDto): Promise<TaskDto> {
    return TaskDto.of(await this.tasks.create(userId, { title, dueAt: toDueAt(due_at) }));
  }

  @Get()
  @ApiOperation({ summary: 'List my tasks, page by page' })
  @ApiOkResponse({ type: TaskListDto, description: 'Newest first.' })
  list(@UserId() userId: string, @Query() query: ListTasksDto): Promise<TaskListDto> {
    return this.page(userId, query);
  }

  @Get('of/:userId')
  @Roles('support')
  @ApiOperation({ summary: 'List the tasks of any user; needs the role `support`' })
  @ApiOkResponse({ type: TaskListDto, description: 'Newest first.' })
  listOf(@Param('userId', OwnerIdPipe) userId: string, @Query() query: ListTasksDto): Promise<TaskListDto> {
    return this.page(userId, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show one of my tasks' })
  @ApiProblems(taskNotFound)
  @ApiOkResponse({ type: TaskDto })
  async get(@UserId() userId: string, @Param('id', TASK_ID) id: string): Promise<TaskDto> {
    return TaskDto.of(await this.tasks.get(userId, id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a task; what the body leaves out stays as it is' })
  @ApiProblems(taskNotFound)
  @ApiOkResponse({ type: TaskDto })
  async change(
    @UserId() userId: string,
    @Param('id', TASK_ID) id: string,
    @Body() { title, status, due_at }: ChangeTaskDto,
  ): Promise<TaskDto> {
    return TaskDto.of(await this.tasks.change(userId, id, { title, status, dueAt: toDueAt(due_at) }));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a task' })
  @ApiProblems(taskNotFound)
  async remove(@UserId() userId: string, @Param('id', TASK_ID) id: string): Promise<void> {
    await this.tasks.remove(userId, id);
  }

  private async page(ownerId: string, { status, limit, cursor }: ListTasksDto): Promise<TaskListDto> {
    const { tasks, nextCursor } = await this.tasks.list(ownerId, { status, limit, after: cursor });
    return { tasks: tasks.map((task) => TaskDto.of(task)), next_cursor: nextCursor };
  }
}
