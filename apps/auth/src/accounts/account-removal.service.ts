import type { Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { UserRolesService } from '../authorization/user-roles.service.js';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import type { RevocationTarget } from '../revocation/revocations.service.js';
import { SessionEndsService } from '../sessions/session-ends.service.js';
import { UsersRepository, type User } from '../users/users.repository.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** Removes an account for good, whoever asks for it. */
@Injectable()
export class AccountRemovalService {
  constructor(
    private readonly users: UsersRepository,
    private readonly roles: UserRolesService,
    private readonly sessions: SessionEndsService,
    private readonly tokens: OneTimeTokensRepository,
    private readonly mails: MailQueueRepository,
    private readonly events: AccountEventsRepository,
  ) {}

  /**
   * Removes an account, which must be locked, and whatever waits in its name, as part of a transaction.
   *
   * @param force also when no administrator is left
   * @returns what the transaction has to revoke
   * @throws {ProblemException} 409 `LAST_ADMINISTRATOR`
   */
  async removeIn(tx: Transaction, user: User, force = false): Promise<RevocationTarget[]> {
    await this.roles.assertNotLast(tx, user.id, force);
    const revoked = await this.sessions.allIn(tx, user.id);
    await this.mails.removeOf(tx, user);
    await this.tokens.removeOf(tx, user);
    await this.users.remove(tx, user.id);
    await this.events.record(tx, { type: 'account-purged', userId: user.id });
    return revoked;
  }
}
