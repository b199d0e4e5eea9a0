import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsDueAt } from './due-at.js';
import { IsTitle } from './title.js';

export class CreateTaskDto {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Seal the letter' })
  @IsTitle()
  title: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true })
  @IsDueAt()
  due_at?: string | null;
}
