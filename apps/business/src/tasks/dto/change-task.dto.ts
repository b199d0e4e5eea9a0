import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';
import { TASK_STATUSES, type TaskStatus } from '../tasks.table.js';
import { IsDueAt } from './due-at.js';
import { IsTitle } from './title.js';

/** What is absent stays as it is. */
export class ChangeTaskDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 200 })
  @ValidateIf((task: ChangeTaskDto) => task.title !== undefined)
  @IsTitle()
  title?: string;

  @ApiPropertyOptional({ enum: TASK_STATUSES })
  @ValidateIf((task: ChangeTaskDto) => task.status !== undefined)
  @IsIn(TASK_STATUSES, { message: `must be one of ${TASK_STATUSES.join(', ')}` })
  status?: TaskStatus;

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true })
  @IsDueAt()
  due_at?: string | null;
}
