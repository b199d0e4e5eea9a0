import { InjectDatabase, type Database } from '@app/service-kit';
import { Injectable } from '@nestjs/common';
import { eq } from 'drizzle-orm';
import { users } from './users.table.js';

export type User = typeof users.$inferSelect;

@Injectable()
export class UsersRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  async findByEmail(email: string): Promise<User | undefined> {
    const [user] = await this.db.select().from(users).where(eq(users.email, email));
    return user;
  }

  async findById(id: string): Promise<User | undefined> {
    const [user] = await this.db.select().from(users).where(eq(users.id, id));
    return user;
  }

  /** Adds a person unless the address is taken: the unique index decides, however many ask at once. */
  async addUnlessTaken(user: Pick<User, 'email' | 'passwordHash'>): Promise<void> {
    await this.db.insert(users).values(user).onConflictDoNothing({ target: users.email });
  }
}
