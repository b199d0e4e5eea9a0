import { PageDto } from '@signet/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

export class CursorPageDto extends PageDto {
  @ApiPropertyOptional({ description: 'The `next_cursor` of the page before.' })
  @IsOptional()
  @Matches(/^[\w-]{1,400}$/, { message: 'must be the next_cursor of an earlier answer' })
  cursor?: string;
}
