import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AuditRepository, type AuditEvent } from '../audit/audit.repository.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import type { TemplateName } from '../mail/default-templates.js';
import { MailQueueRepository, type QueuedMail } from '../mail/mail-queue.repository.js';
import { MailTemplatesService } from '../mail/mail-templates.service.js';
import { MessageWriter, type Message } from '../mail/message.js';
import { UsersRepository, type User } from '../users/users.repository.js';
import { LIFETIME_SECONDS, OneTimeTokensRepository } from './one-time-tokens.repository.js';
import type { TokenPurpose } from './one-time-tokens.table.js';

/** A mail in the making: its template and, if it has a link, what its token is for. */
type Plan = { template: TemplateName; link?: TokenPurpose; event?: AuditEvent['event'] };

const LINK_PATHS: Readonly<Record<TokenPurpose, string>> = {
  registration: 'verify-email',
  email_verification: 'verify-email',
  email_change: 'verify-email',
  password_reset: 'reset-password',
  invitation: 'reset-password',
};

/**
 * Writes the mails that people get about their accounts. Only here is found out whether an address has an account,
 * and only here are tokens made: at the last moment, so that they are stored nowhere and last from when they are sent.
 */
@Injectable()
export class MessagesService extends MessageWriter {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly users: UsersRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly mails: MailQueueRepository,
    private readonly templates: MailTemplatesService,
    private readonly audit: AuditRepository,
  ) {
    super();
  }

  override write(mail: QueuedMail): Promise<Message | undefined> {
    return this.db.transaction(async (tx) => {
      const user = await this.personOf(tx, mail);
      // It may have been withdrawn since it was taken from the queue. From here to the end it cannot be.
      if (!(await this.mails.hold(tx, mail.id))) return undefined;
      const plan = await this.plan(mail, user);
      return plan && this.compose(tx, mail, user, plan);
    });
  }

  private personOf(tx: Transaction, { userId, address }: QueuedMail): Promise<User | undefined> {
    return userId === null ? this.users.holdByEmail(tx, address) : this.users.holdById(tx, userId);
  }

  /** @returns nothing if there is nobody to write to */
  private async plan(mail: QueuedMail, user: User | undefined): Promise<Plan | undefined> {
    switch (mail.kind) {
      case 'registration':
        return user ? { template: 'already-registered' } : toVerify(mail.kind);
      case 'email_verification':
        return user && !user.emailVerified ? toVerify(mail.kind) : undefined;
      case 'password_reset':
        return user && { template: 'reset-password', link: mail.kind, event: 'password_reset_requested' };
      case 'email_change': {
        const isTaken = (await this.users.findByEmail(mail.address)) !== undefined;
        return isTaken ? undefined : { template: 'confirm-new-email', link: 'email_change' };
      }
      case 'email_change_notice':
        return { template: 'email-change-notice' };
      case 'invitation':
        return user && { template: 'invitation', link: 'invitation' };
      case 'password_changed':
        return { template: 'password-changed' };
    }
  }

  private async compose(
    tx: Transaction,
    { id: mailId, address: to, attempts, data }: QueuedMail,
    user: User | undefined,
    { template, link: purpose, event }: Plan,
  ): Promise<Message | undefined> {
    const service = this.config.SERVICE_NAME;
    if (purpose === undefined) return { to, ...this.templates.render(template, { service }) };
    const passwordHash = purpose === 'registration' ? data.passwordHash : undefined;
    const userId = user?.id;
    const token = await this.tokens.issue(tx, { purpose, email: to, mailId, userId, passwordHash });
    if (token === undefined) return undefined;
    if (event && attempts === 1) {
      const { ip: address, userAgent } = data.client ?? {};
      await this.audit.record(tx, { event, outcome: 'ok', userId, address, userAgent });
    }
    const link = `${this.config.PUBLIC_URL.replace(/\/$/, '')}/${LINK_PATHS[purpose]}?token=${token}`;
    return { to, ...this.templates.render(template, { service, link, lifetime: lifetimeOf(purpose) }) };
  }
}

function toVerify(link: TokenPurpose): Plan {
  return { template: 'verify-email', link, event: 'email_verification_requested' };
}

function lifetimeOf(purpose: TokenPurpose): string {
  const minutes = LIFETIME_SECONDS[purpose] / 60;
  return minutes < 120 ? `${minutes} minutes` : `${minutes / 60} hours`;
}
