import type { Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { AccountRemovalService } from '../accounts/account-removal.service.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBy, type Doer } from '../audit/doer.js';
import { UserRolesService } from '../authorization/user-roles.service.js';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import { RevocationsService, type RevocationTarget } from '../revocation/revocations.service.js';
import { SessionEndsService } from '../sessions/session-ends.service.js';
import { UsersRepository, type User } from '../users/users.repository.js';
import { userNotFound } from './admin.errors.js';
import type { ListedUser, UserFilter } from './user-search.query.js';
import { UserSearchRepository } from './user-search.repository.js';

/** What administrators and operators do to the accounts of others. Every change is audited with who did it. */
@Injectable()
export class UserAdministrationService {
  constructor(
    private readonly search: UserSearchRepository,
    private readonly users: UsersRepository,
    private readonly roles: UserRolesService,
    private readonly sessions: SessionEndsService,
    private readonly removal: AccountRemovalService,
    private readonly revocations: RevocationsService,
    private readonly mails: MailQueueRepository,
    private readonly audit: AuditRepository,
    private readonly events: AccountEventsRepository,
  ) {}

  list(filter: UserFilter): Promise<ListedUser[]> {
    return this.search.list(filter);
  }

  /** @throws {ProblemException} 404 `USER_NOT_FOUND` */
  async find(id: string): Promise<ListedUser> {
    const [user] = await this.search.list({ id, limit: 1 });
    if (!user) throw userNotFound();
    return user;
  }

  /** Gives a user roles, from those that they have; sessions go on, and a refresh brings the new rights. */
  changeRoles(
    id: string,
    change: (current: readonly string[]) => readonly string[],
    doer: Doer,
    force = false,
  ): Promise<void> {
    return this.change(id, (tx) => this.roles.change(tx, id, change, doer, force));
  }

  /** Ends all sessions; until the account is enabled, logins answer as for a wrong password. Does nothing twice. */
  disable(id: string, doer: Doer, force = false): Promise<void> {
    return this.change(id, async (tx, user) => {
      if (user.disabledAt !== null) return [];
      await this.roles.assertNotLast(tx, id, force);
      await this.users.setDisabled(tx, id, true);
      await this.audit.record(tx, doneBy(doer, 'account_disabled', { userId: id }));
      await this.events.record(tx, { type: 'account-disabled', userId: id });
      return this.sessions.allIn(tx, id);
    });
  }

  enable(id: string, doer: Doer): Promise<void> {
    return this.change(id, async (tx, user) => {
      if (user.disabledAt === null) return [];
      await this.users.setDisabled(tx, id, false);
      await this.audit.record(tx, doneBy(doer, 'account_enabled', { userId: id }));
      await this.events.record(tx, { type: 'account-enabled', userId: id });
      return [];
    });
  }

  endSessions(id: string, doer: Doer): Promise<void> {
    return this.change(id, async (tx) => {
      await this.audit.record(tx, doneBy(doer, 'sessions_ended', { userId: id }));
      return this.sessions.allIn(tx, id);
    });
  }

  remove(id: string, doer: Doer, force = false): Promise<void> {
    return this.change(id, async (tx, user) => {
      const revoked = await this.removal.removeIn(tx, user, force);
      await this.audit.record(tx, doneBy(doer, 'account_deleted', { userId: id }));
      return revoked;
    });
  }

  /** Sends the user a link by which they choose a new password; nothing else changes until then. */
  async sendPasswordReset(id: string, doer: Doer): Promise<void> {
    await this.change(id, async (tx, { email }) => {
      await this.mails.add({ kind: 'password_reset', address: email, userId: id }, tx);
      await this.audit.record(tx, doneBy(doer, 'password_reset_requested', { userId: id }));
      return [];
    });
  }

  private async change(
    id: string,
    change: (tx: Transaction, user: User) => Promise<RevocationTarget[]>,
  ): Promise<void> {
    await this.revocations.commit(async (tx) => {
      const user = await this.users.lockById(tx, id);
      if (!user) throw userNotFound();
      return change(tx, user);
    });
  }
}
