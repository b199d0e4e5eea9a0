import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsUUID } from 'class-validator';
import type { AuditEvent, RecordedEvent } from '../../audit/audit.repository.js';
import { AUDIT_EVENTS } from '../../audit/audit.table.js';
import { CursorPageDto } from './cursor-page.dto.js';

export class ListAuditDto extends CursorPageDto {
  @ApiPropertyOptional({ format: 'uuid', description: 'Of one user, also one that was deleted.' })
  @IsOptional()
  @IsUUID(undefined, { message: 'must be the id of a user' })
  user?: string;

  @ApiPropertyOptional({ enum: AUDIT_EVENTS })
  @IsOptional()
  @IsIn(AUDIT_EVENTS, { message: 'must be the name of an event' })
  event?: AuditEvent['event'];

  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'must be a time in ISO 8601' })
  since?: string;
}

export class AuditEventDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'date-time' }) time: string;
  @ApiProperty({ enum: AUDIT_EVENTS }) event: string;
  @ApiProperty({ example: 'ok' }) outcome: string;
  @ApiProperty({ type: String, nullable: true }) user_id: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Who did it, if not the user: an id, or `operator`.',
  })
  doer: string | null;

  @ApiProperty({ type: String, nullable: true }) session_id: string | null;
  @ApiProperty({ type: String, nullable: true }) ip: string | null;
  @ApiProperty({ type: String, nullable: true }) user_agent: string | null;
  @ApiProperty({ type: String, nullable: true }) subject: string | null;

  static of(recorded: RecordedEvent): AuditEventDto {
    const { id, time, event, outcome, doer, subject } = recorded;
    return {
      id,
      time: time.toISOString(),
      event,
      outcome,
      user_id: recorded.userId,
      doer,
      session_id: recorded.sessionId,
      ip: recorded.address,
      user_agent: recorded.userAgent,
      subject,
    };
  }
}

export class AuditListDto {
  @ApiProperty({ type: [AuditEventDto] }) events: AuditEventDto[];
  @ApiProperty({ type: String, nullable: true }) next_cursor: string | null;
}
