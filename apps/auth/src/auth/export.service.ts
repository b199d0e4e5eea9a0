import type { AccessToken } from '@signet/jwt-shared';
import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { MailQueue } from '../mail/mail-queue.js';
import { OneTimeTokensRepository } from '../recovery/one-time-tokens.repository.js';
import type { ClientInfo } from '../sessions/client.js';
import { SessionDto } from '../sessions/dto/session.dto.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UsersService } from '../users/users.service.js';
import { accountIsGone } from './auth.errors.js';
import { AccountExportDto, EventDto, LinkDto, MailDto } from './dto/account-export.dto.js';
import { MeDto } from './dto/answers.dto.js';

/** Tells people everything that is held about them (GDPR, articles 15 and 20). */
@Injectable()
export class ExportService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokensRepository,
    private readonly mails: MailQueue,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws {ProblemException} 401 when the account is gone */
  async export({ userId, sessionId }: AccessToken, client: ClientInfo): Promise<AccountExportDto> {
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
