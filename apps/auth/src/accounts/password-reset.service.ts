import { Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBySelf } from '../audit/doer.js';
import type { Requester } from '../audit/requester.js';
import { passwordChanged } from '../events/account-event.js';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import { RevocationsService } from '../revocation/revocations.service.js';
import { SessionEndsService } from '../sessions/session-ends.service.js';
import { PasswordHasherService } from '../users/password-hasher.service.js';
import { PasswordPolicyService } from '../users/password-policy.service.js';
import { turnOf } from '../users/fair-queue.js';
import { UsersRepository } from '../users/users.repository.js';
import { invalidOneTimeToken } from './accounts.errors.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** For people who have forgotten their password. */
@Injectable()
export class PasswordResetService {
  constructor(
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasherService,
    private readonly policy: PasswordPolicyService,
    private readonly tokens: OneTimeTokensRepository,
    private readonly sessions: SessionEndsService,
    private readonly revocations: RevocationsService,
    private readonly mails: MailQueueRepository,
    private readonly audit: AuditRepository,
    private readonly events: AccountEventsRepository,
  ) {}

  /** Asks for a link. Whether anybody has this address is found out after the answer, by whoever writes the mail. */
  async request(email: string, requester: Requester): Promise<void> {
    await this.mails.add({ kind: 'password_reset', address: email, data: { client: requester } });
  }

  /**
   * Sets a new password by the token of a link, and ends all sessions of the person and all their other one-time
   * tokens. The address is verified by that as well.
   *
   * @returns the account's address
   * @throws {ProblemException} 400 when the token is no good; when the password is not, the token stays good
   */
  async reset(token: string, password: string, requester: Requester): Promise<string> {
    this.policy.check('new_password', password);
    const { userId, purpose } = (await this.tokens.find(['password_reset', 'invitation'], token)) ?? {};
    const user = userId ? await this.users.findById(userId) : undefined;
    if (!user || !purpose) throw invalidOneTimeToken();
    this.policy.check('new_password', password, user.email);
    const passwordHash = await this.hasher.hash(password, turnOf(requester, user.id));
    await this.revocations.commit(async (tx) => {
      // The person first, then mails, then tokens, as everywhere: no two transactions wait for each other.
      await this.users.resetPassword(tx, user.id, passwordHash);
      await this.mails.withdraw(tx, user);
      if (!(await this.tokens.consume(tx, purpose, token))) throw invalidOneTimeToken();
      await this.tokens.removeOf(tx, user);
      await this.mails.add({ kind: 'password_changed', address: user.email, userId: user.id }, tx);
      await this.audit.record(tx, doneBySelf('password_reset', { userId: user.id }, requester));
      await this.events.record(tx, passwordChanged(user.id));
      return this.sessions.allIn(tx, user.id);
    });
    return user.email;
  }
}
