import { ApiProperty } from '@nestjs/swagger';
import type { ListedSession } from '../sessions.repository.js';

export class SessionDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time', description: 'The last refresh, or the login.' }) last_used_at: string;
  @ApiProperty({ type: String, nullable: true }) user_agent: string | null;
  @ApiProperty() ip: string;
  @ApiProperty({ description: 'Whether this is the session that asks.' }) current: boolean;

  static of(session: ListedSession, currentId: string | undefined): SessionDto {
    return {
      id: session.id,
      created_at: session.createdAt.toISOString(),
      last_used_at: session.lastUsedAt.toISOString(),
      user_agent: session.userAgent,
      ip: session.ip,
      current: session.id === currentId,
    };
  }
}

export class SessionListDto {
  @ApiProperty({ type: [SessionDto] }) sessions: SessionDto[];
}
