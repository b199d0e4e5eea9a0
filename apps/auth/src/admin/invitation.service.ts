import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { OneTimeTokensRepository } from '../accounts/one-time-tokens.repository.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBy, type AdministratorDoer } from '../audit/doer.js';
import { UserRolesService } from '../authorization/user-roles.service.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import { RevocationsService } from '../revocation/revocations.service.js';
import { PasswordHasherService } from '../users/password-hasher.service.js';
import { turnOf } from '../users/fair-queue.js';
import { UsersRepository } from '../users/users.repository.js';
import { emailTaken } from './admin.errors.js';

/** Makes accounts for people who have not registered. */
@Injectable()
export class InvitationService {
  constructor(
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasherService,
    private readonly roles: UserRolesService,
    private readonly tokens: OneTimeTokensRepository,
    private readonly mails: MailQueueRepository,
    private readonly revocations: RevocationsService,
    private readonly audit: AuditRepository,
  ) {}

  /**
   * Creates an account with a random password and sends its address a link with which the person sets their own. What
   * others have registered with the address, and could still verify, is of no use from here on.
   *
   * @returns the id of the account
   * @throws {ProblemException} 409 `EMAIL_TAKEN`, also when a stranger has it: an account is never handed over with roles
   */
  async invite(email: string, roles: readonly string[], doer: AdministratorDoer): Promise<string> {
    const password = randomBytes(32).toString('base64url');
    const passwordHash = await this.hasher.hash(password, turnOf(doer.requester, email));
    let invited: string | undefined;
    await this.revocations.commit(async (tx) => {
      const id = await this.users.addUnlessTaken(tx, { email, passwordHash });
      if (id === undefined) throw emailTaken();
      invited = id;
      await this.mails.withdraw(tx, { id, email });
      await this.tokens.removeOf(tx, { id, email });
      await this.audit.record(tx, doneBy(doer, 'account_invited', { userId: id }));
      await this.mails.add({ kind: 'invitation', address: email, userId: id }, tx);
      return this.roles.change(tx, id, () => roles, doer);
    });
    if (invited === undefined) throw emailTaken();
    return invited;
  }
}
