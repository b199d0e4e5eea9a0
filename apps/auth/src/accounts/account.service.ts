import type { AccessToken } from '@signet/jwt-shared';
import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { AuditRepository, type AuditEvent } from '../audit/audit.repository.js';
import { doneBySelf } from '../audit/doer.js';
import type { Requester } from '../audit/requester.js';
import { passwordChanged } from '../events/account-event.js';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import { RevocationsService } from '../revocation/revocations.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { PasswordHasherService } from '../users/password-hasher.service.js';
import { PasswordPolicyService } from '../users/password-policy.service.js';
import { turnOf } from '../users/fair-queue.js';
import { UsersRepository } from '../users/users.repository.js';
import { UsersService } from '../users/users.service.js';
import { AccountRemovalService } from './account-removal.service.js';
import { wrongPassword } from './accounts.errors.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/**
 * What people do to their own account; each needs the password once more (OWASP ASVS 5.0, 7.5.1). Whatever ends
 * with it ends in the same transaction.
 */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersService,
    private readonly repository: UsersRepository,
    private readonly hasher: PasswordHasherService,
    private readonly policy: PasswordPolicyService,
    private readonly sessions: SessionsService,
    private readonly revocations: RevocationsService,
    private readonly tokens: OneTimeTokensRepository,
    private readonly mails: MailQueueRepository,
    private readonly removal: AccountRemovalService,
    private readonly audit: AuditRepository,
    private readonly events: AccountEventsRepository,
    @InjectDatabase() private readonly db: Database,
  ) {}

  /**
   * Changes the password and ends all sessions but the one that asks (OWASP ASVS 5.0, 7.4.3). What is under way
   * by mail ends too: somebody else may have begun it.
   *
   * @throws {ProblemException} 400 when the next password is against the policy, 401 when the current one is wrong
   * or has been changed meanwhile
   */
  async changePassword(
    token: AccessToken,
    current: string,
    next: string,
    requester: Requester,
  ): Promise<void> {
    this.policy.check('new_password', next);
    const user = await this.users.confirm(token.userId, current, requester);
    if (!user) return this.refuse('password_changed', token, requester);
    this.policy.check('new_password', next, user.email);
    const nextHash = await this.hasher.hash(next, turnOf(requester, user.id));
    await this.revocations.commit(async (tx) => {
      const isChanged = await this.repository.replaceHash(user.id, user.passwordHash, nextHash, tx);
      if (!isChanged) throw wrongPassword();
      await this.mails.withdraw(tx, user);
      await this.tokens.removeOf(tx, user);
      await this.mails.add({ kind: 'password_changed', address: user.email, userId: user.id }, tx);
      await this.audit.record(tx, doneBySelf('password_changed', token, requester));
      await this.events.record(tx, passwordChanged(user.id));
      return this.sessions.endOthersIn(tx, token);
    });
  }

  /**
   * Removes the account for good, and whatever waits in its name (OWASP ASVS 5.0, 7.4.2). Only the record of events
   * outlives it.
   *
   * @throws {ProblemException} 401 when the password is wrong, 409 when nobody else could administer then
   */
  async remove(token: AccessToken, password: string, requester: Requester): Promise<void> {
    const user = await this.users.confirm(token.userId, password, requester);
    if (!user) return this.refuse('account_deleted', token, requester);
    await this.revocations.commit(async (tx) => {
      if (!(await this.repository.lock(tx, user.id, user.passwordHash))) throw wrongPassword();
      const revoked = await this.removal.removeIn(tx, user);
      await this.audit.record(tx, doneBySelf('account_deleted', token, requester));
      return revoked;
    });
  }

  /** Somebody who has the session guesses at the password: worth knowing afterwards. */
  private async refuse(event: AuditEvent['event'], token: AccessToken, requester: Requester): Promise<never> {
    await this.audit.record(this.db, doneBySelf(event, token, requester, 'failed'));
    throw wrongPassword();
  }
}
