import { ApiProperty } from '@nestjs/swagger';
import type { Task } from '../tasks.repository.js';
import { TASK_STATUSES, type TaskStatus } from '../tasks.table.js';

/** A task as its owner sees it. */
export class TaskDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() title: string;
  @ApiProperty({ enum: TASK_STATUSES }) status: TaskStatus;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) due_at: string | null;
  @ApiProperty({ format: 'date-time' }) created_at: string;

  static of({ id, title, status, dueAt, createdAt }: Task): TaskDto {
    return { id, title, status, due_at: dueAt?.toISOString() ?? null, created_at: createdAt.toISOString() };
  }
}

export class TaskListDto {
  @ApiProperty({ type: [TaskDto] }) tasks: TaskDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where the next page starts; null on the last one.',
  })
  next_cursor: string | null;
}
