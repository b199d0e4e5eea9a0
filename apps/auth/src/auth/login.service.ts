import { InjectDatabase, ProblemException, type Database } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBySelf } from '../audit/doer.js';
import type { Requester } from '../audit/requester.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { MailQueueRepository } from '../mail/mail-queue.repository.js';
import { RateLimiterService } from '../rate-limiting/rate-limiter.service.js';
import { SubjectsService } from '../rate-limiting/subjects.service.js';
import { assertAudience } from '../sessions/audience.js';
import type { IssuedTokens } from '../sessions/session-tokens.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { PasswordHasherService } from '../users/password-hasher.service.js';
import type { User } from '../users/users.repository.js';
import { UsersService } from '../users/users.service.js';

/** Once more, as another login of the same person may have replaced the hash that this one has checked. */
const ATTEMPTS = 2;

@Injectable()
export class LoginService {
  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly mails: MailQueueRepository,
    private readonly users: UsersService,
    private readonly hasher: PasswordHasherService,
    private readonly sessions: SessionsService,
    private readonly audit: AuditRepository,
    private readonly limiter: RateLimiterService,
    private readonly subjects: SubjectsService,
    @InjectDatabase() private readonly db: Database,
  ) {}

  /**
   * @param audience of the access tokens; everything that is configured unless told
   * @throws {ProblemException} 401 `INVALID_CREDENTIALS`, the same for every cause; 400 for an audience that there is not
   */
  async logIn(
    email: string,
    password: string,
    requester: Requester,
    audience?: string,
  ): Promise<IssuedTokens> {
    assertAudience(this.config, audience);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const began = performance.now();
      const user = await this.users.authenticate(email, password, requester);
      if (!user) break;
      if (user.disabledAt !== null || (await this.awaitsVerification(user))) {
        await this.hasher.pad(performance.now() - began);
        break;
      }
      const tokens = await this.sessions.begin(user, requester, audience);
      if (tokens) return tokens;
    }
    return this.refuse(email, requester);
  }

  /** Whoever has an account from when addresses were not verified, or an imported one, gets a link to do it now. */
  private async awaitsVerification({ id: userId, email: address, emailVerified }: User): Promise<boolean> {
    if (emailVerified || this.config.EMAIL_VERIFICATION !== 'required') return false;
    if (await this.limiter.allows('verification', this.subjects.ofAddress(address)))
      await this.mails.add({ kind: 'email_verification', address, userId });
    return true;
  }

  /** The same work whether or not the address is known; one that is not known is not written down. */
  private async refuse(email: string, requester: Requester): Promise<never> {
    const userId = await this.users.idOf(email);
    if (userId === undefined) await this.audit.recordUnknownLogin(requester);
    else await this.audit.record(this.db, doneBySelf('login', { userId }, requester, 'failed'));
    throw invalidCredentials();
  }
}

/** The one answer to a login that fails, whatever the cause: no caller learns which addresses have accounts. */
export function invalidCredentials(): ProblemException {
  return new ProblemException(401, 'INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.');
}
