import { Injectable, Logger } from '@nestjs/common';
import type { Requester } from '../audit/requester.js';
import { PasswordHasherService } from './password-hasher.service.js';
import { turnOf, type Turn } from './fair-queue.js';
import { UsersRepository, type User } from './users.repository.js';

@Injectable()
export class UsersService {
  private readonly logger = new Logger('Users');

  constructor(
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasherService,
  ) {}

  /**
   * The person with this address and password; one key derivation whether or not the address is known. A right
   * password whose hash is weaker than today's gets a new hash.
   */
  async authenticate(email: string, password: string, requester: Requester): Promise<User | undefined> {
    const turn = turnOf(requester, email);
    const user = await this.users.findByEmail(email);
    const isRight = await this.hasher.verify(user?.passwordHash, password, turn);
    if (!isRight || user === undefined) return undefined;
    return this.hasher.needsRehash(user.passwordHash) ? this.rehash(user, password, turn) : user;
  }

  /** Where it fails, the old hash is as good as it was: the next login tries again. */
  private async rehash(user: User, password: string, turn: Turn): Promise<User> {
    try {
      const passwordHash = await this.hasher.hash(password, turn);
      const isReplaced = await this.users.replaceHash(user.id, user.passwordHash, passwordHash);
      return isReplaced ? { ...user, passwordHash } : user;
    } catch (error) {
      this.logger.warn(error);
      return user;
    }
  }

  /** The person with this id and password, as {@link authenticate}. */
  async confirm(id: string, password: string, requester: Requester): Promise<User | undefined> {
    const user = await this.users.findById(id);
    const isRight = await this.hasher.verify(user?.passwordHash, password, turnOf(requester, id));
    return isRight ? user : undefined;
  }

  async idOf(email: string): Promise<string | undefined> {
    return (await this.users.findByEmail(email))?.id;
  }
}
