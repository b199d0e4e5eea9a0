import type { AccessToken } from '@app/jwt-shared';
import { Injectable } from '@nestjs/common';
import { RevocationsService } from '../revocation/revocations.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { PasswordHasher } from '../users/password-hasher.js';
import { UsersRepository } from '../users/users.repository.js';
import { UsersService } from '../users/users.service.js';
import { wrongPassword } from './auth.errors.js';

/**
 * What people do to their own account; each needs the password once more (OWASP ASVS 5.0, 7.5.1). Whatever ends
 * with it ends in the same transaction.
 */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersService,
    private readonly repository: UsersRepository,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly revocations: RevocationsService,
  ) {}

  /**
   * Changes the password and ends all sessions but the one that asks (OWASP ASVS 5.0, 7.4.3).
   *
   * @throws {ProblemException} 401 when the current password is wrong, or has been changed meanwhile
   */
  async changePassword(token: AccessToken, current: string, next: string): Promise<void> {
    const user = await this.users.confirm(token.userId, current);
    if (!user) throw wrongPassword();
    const nextHash = await this.hasher.hash(next);
    await this.revocations.commit(async (tx) => {
      const isChanged = await this.repository.changePassword(tx, user.id, user.passwordHash, nextHash);
      if (!isChanged) throw wrongPassword();
      return this.sessions.endOthersIn(tx, token);
    });
  }

  /**
   * Removes the account for good (OWASP ASVS 5.0, 7.4.2).
   *
   * @throws {ProblemException} 401 when the password is wrong
   */
  async remove(userId: string, password: string): Promise<void> {
    const user = await this.users.confirm(userId, password);
    if (!user) throw wrongPassword();
    await this.revocations.commit(async (tx) => {
      if (!(await this.repository.lock(tx, user.id, user.passwordHash))) throw wrongPassword();
      const revoked = await this.sessions.endAllIn(tx, user.id);
      await this.repository.remove(tx, user.id);
      return revoked;
    });
  }
}
