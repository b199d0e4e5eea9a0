import { InjectDatabase, type Database } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBySelf } from '../audit/doer.js';
import type { Requester } from '../audit/requester.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import { PasswordHasherService } from '../users/password-hasher.service.js';
import { PasswordPolicyService } from '../users/password-policy.service.js';
import { turnOf } from '../users/fair-queue.js';
import { UsersRepository } from '../users/users.repository.js';

@Injectable()
export class RegistrationService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasherService,
    private readonly policy: PasswordPolicyService,
    private readonly mails: MailQueueRepository,
    private readonly audit: AuditRepository,
  ) {}

  /**
   * Registers a person. For an address that is taken nothing changes, and neither the answer nor the work
   * done tells the caller (OWASP ASVS 5.0, 6.3.8).
   *
   * Where addresses are verified, this only asks for a mail. The account comes to be by the link in it, with the
   * password of the registration that the link belongs to: whoever has registered somebody else's address before
   * has no account, so there is nothing that the owner of the mailbox could come to share with them.
   *
   * @throws {ProblemException} 400 when the password is against the policy
   */
  async register(email: string, password: string, requester: Requester): Promise<void> {
    this.policy.check('password', password, email);
    const passwordHash = await this.hasher.hash(password, turnOf(requester, email));
    if (this.config.EMAIL_VERIFICATION === 'required') {
      const data = { passwordHash, client: requester };
      return this.mails.add({ kind: 'registration', address: email, data });
    }
    await this.db.transaction(async (tx) => {
      const userId = await this.users.addUnlessTaken(tx, { email, passwordHash });
      const outcome = userId === undefined ? 'failed' : 'ok';
      await this.audit.record(tx, doneBySelf('registered', { userId }, requester, outcome));
    });
  }
}
