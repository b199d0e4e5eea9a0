import { ApiProperty } from '@nestjs/swagger';
import type { RecordedEvent } from '../../audit/audit.repository.js';
import type { MailQueueRepository } from '../../mail/mail-queue.repository.js';
import { SessionDto } from '../../sessions/dto/session.dto.js';
import type { OneTimeTokensRepository } from '../one-time-tokens.repository.js';
import { MeDto } from './account.dto.js';

type ItemOf<List extends (...args: never[]) => Promise<unknown[]>> = Awaited<ReturnType<List>>[number];

/** A security event, as `audit_events` has it. */
export class EventDto {
  @ApiProperty({ format: 'date-time' }) time: string;
  @ApiProperty({ example: 'login' }) event: string;
  @ApiProperty({ example: 'ok' }) outcome: string;
  @ApiProperty({ type: String, nullable: true }) session_id: string | null;
  @ApiProperty({ type: String, nullable: true }) ip: string | null;
  @ApiProperty({ type: String, nullable: true }) user_agent: string | null;

  static of(event: RecordedEvent): EventDto {
    return {
      time: event.time.toISOString(),
      event: event.event,
      outcome: event.outcome,
      session_id: event.sessionId,
      ip: event.address,
      user_agent: event.userAgent,
    };
  }
}

/** A link that was sent and not used; the token itself is not held. */
export class LinkDto {
  @ApiProperty({ example: 'email_change' }) purpose: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) expires_at: string;

  static of({ purpose, email, createdAt, expiresAt }: ItemOf<OneTimeTokensRepository['listOf']>): LinkDto {
    return { purpose, email, created_at: createdAt.toISOString(), expires_at: expiresAt.toISOString() };
  }
}

/** A mail that waits to be sent. */
export class MailDto {
  @ApiProperty({ example: 'password_reset' }) kind: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;

  static of({ kind, address, createdAt }: ItemOf<MailQueueRepository['listOf']>): MailDto {
    return { kind, email: address, created_at: createdAt.toISOString() };
  }
}

/** Everything that is held about a person but the hash of the password, which says nothing about anybody. */
export class AccountExportDto {
  @ApiProperty() profile: MeDto;
  @ApiProperty({ type: [SessionDto] }) sessions: SessionDto[];
  @ApiProperty({ type: [LinkDto] }) links: LinkDto[];
  @ApiProperty({ type: [MailDto] }) mails: MailDto[];
  @ApiProperty({ type: [EventDto] }) events: EventDto[];
}
