import { PageDto } from '@signet/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { TASK_STATUSES, type TaskStatus } from '../tasks.table.js';

export class ListTasksDto extends PageDto {
  @ApiPropertyOptional({ enum: TASK_STATUSES })
  @IsOptional()
  @IsIn(TASK_STATUSES, { message: `must be one of ${TASK_STATUSES.join(', ')}` })
  status?: TaskStatus;

  @ApiPropertyOptional({ description: 'The `next_cursor` of the page before.' })
  @IsOptional()
  @IsUUID(undefined, { message: 'must be the next_cursor of an earlier answer' })
  cursor?: string;
}
