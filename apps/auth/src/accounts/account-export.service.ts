import type { AccessToken } from '@signet/jwt-shared';
import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBySelf } from '../audit/doer.js';
import type { Requester } from '../audit/requester.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import { SessionDto } from '../sessions/dto/session.dto.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { User } from '../users/users.repository.js';
import { UsersService } from '../users/users.service.js';
import { wrongPassword } from './accounts.errors.js';
import { EventDto, LinkDto, MailDto } from './dto/account-export.dto.js';
import { MeDto } from './dto/account.dto.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** Tells people everything that is held about them (GDPR, articles 15 and 20). */
@Injectable()
export class AccountExportService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokensRepository,
    private readonly mails: MailQueueRepository,
    private readonly audit: AuditRepository,
  ) {}

  /**
   * The text of an `AccountExportDto`, made while it is read: a long record of events is never held as a whole.
   *
   * @throws {ProblemException} 401 when the password is wrong
   */
  async export(token: AccessToken, password: string, requester: Requester): Promise<Readable> {
    const user = await this.users.confirm(token.userId, password, requester);
    const outcome = user ? 'ok' : 'failed';
    await this.audit.record(this.db, doneBySelf('account_exported', token, requester, outcome));
    if (!user) throw wrongPassword();
    return Readable.from(this.text(user, token.sessionId), { objectMode: false });
  }

  private async *text(user: User, sessionId: string | undefined): AsyncGenerator<string> {
    const sessions = (await this.sessions.list(user.id)).map((session) => SessionDto.of(session, sessionId));
    const links = (await this.tokens.listOf(user.id)).map((link) => LinkDto.of(link));
    const mails = (await this.mails.listOf(user)).map((mail) => MailDto.of(mail));
    const head = JSON.stringify({ profile: MeDto.of(user), sessions, links, mails });
    yield `${head.slice(0, -1)},"events":[`;
    let separator = '';
    for await (const page of this.audit.pagesOf(user.id)) {
      for (const event of page) {
        yield separator + JSON.stringify(EventDto.of(event));
        separator = ',';
      }
    }
    yield ']}';
  }
}
