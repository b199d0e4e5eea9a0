import { Injectable } from '@nestjs/common';
import { PasswordHasher } from './password-hasher.js';
import { UsersRepository, type User } from './users.repository.js';

@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Registers a person. For an address that is taken nothing changes, and neither the answer nor the work
   * done tells the caller (OWASP ASVS 5.0, 6.3.8).
   */
  async register(email: string, password: string): Promise<void> {
    await this.users.addUnlessTaken({ email, passwordHash: await this.hasher.hash(password) });
  }

  /** The person with this address and password; one key derivation whether or not the address is known. */
  async authenticate(email: string, password: string): Promise<User | undefined> {
    const user = await this.users.findByEmail(email);
    const isRight = await this.hasher.verify(user?.passwordHash, password);
    return isRight ? user : undefined;
  }

  /** The person with this id and password, as {@link authenticate}. */
  async confirm(id: string, password: string): Promise<User | undefined> {
    const user = await this.users.findById(id);
    const isRight = await this.hasher.verify(user?.passwordHash, password);
    return isRight ? user : undefined;
  }

  findById(id: string): Promise<User | undefined> {
    return this.users.findById(id);
  }
}
