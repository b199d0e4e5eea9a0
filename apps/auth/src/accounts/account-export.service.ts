import type { AccessToken } from '@signet/jwt-shared';
import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import type { Requester } from '../audit/requester.js';
import { MailQueue } from '../mail/mail-queue.js';
import { SessionDto } from '../sessions/dto/session.dto.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UsersService } from '../users/users.service.js';
import { accountIsGone } from './accounts.errors.js';
import { AccountExportDto, EventDto, LinkDto, MailDto } from './dto/account-export.dto.js';
import { MeDto } from './dto/me.dto.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** Tells people everything that is held about them (GDPR, articles 15 and 20). */
@Injectable()
export class AccountExportService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokensRepository,
    private readonly mails: MailQueue,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws {ProblemException} 401 when the account is gone */
  async export({ userId, sessionId }: AccessToken, client: Requester): Promise<AccountExportDto> {
    const user = await this.users.findById(userId);
    if (!user) throw accountIsGone();
    const { ip: address, userAgent } = client;
    await this.audit.record(this.db, {
      event: 'account_exported',
      outcome: 'ok',
      userId,
      sessionId,
      address,
      userAgent,
    });
    return {
      profile: MeDto.of(user),
      sessions: (await this.sessions.list(userId)).map((session) => SessionDto.of(session, sessionId)),
      links: (await this.tokens.listOf(userId)).map((link) => LinkDto.of(link)),
      mails: (await this.mails.listOf(user)).map((mail) => MailDto.of(mail)),
      events: (await this.audit.listOf(userId)).map((event) => EventDto.of(event)),
    };
  }
}
