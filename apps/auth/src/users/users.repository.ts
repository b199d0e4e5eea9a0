import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { storedSpellings } from './email-address.js';
import { users } from './users.table.js';

export type User = typeof users.$inferSelect;

/** As in the partial index `users_by_password_cost`, letter by letter: otherwise it is not used. */
const IS_INDEXED = sql.raw(`password_hash not like '$argon2id$v=19$m=19456,t=2,p=1$%'`);

@Injectable()
export class UsersRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  async findByEmail(email: string): Promise<User | undefined> {
    return theOne(email, await this.db.select().from(users).where(hasEmail(email)));
  }

  async findById(id: string): Promise<User | undefined> {
    const [user] = await this.db.select().from(users).where(eq(users.id, id));
    return user;
  }

  /**
   * Adds a person unless the address is taken: the unique index decides, however many ask at once.
   *
   * @returns the id; nothing if the address is taken
   */
  async addUnlessTaken(
    db: Pick<Database, 'insert'>,
    user: Pick<User, 'email' | 'passwordHash'> & Partial<Pick<User, 'emailVerified'>>,
  ): Promise<string | undefined> {
    if (storedSpellings(user.email).length > 1 && (await this.findByEmail(user.email))) return undefined;
    const [added] = await db
      .insert(users)
      .values(user)
      .onConflictDoNothing({ target: users.email })
      .returning({ id: users.id });
    return added?.id;
  }

  /**
   * Stores the hash of another password, or another hash of the same one, if the password is still the one that was
   * checked. From here to the end of a transaction no session can begin by the old one.
   *
   * @returns whether it was
   */
  async replaceHash(
    id: string,
    from: string,
    to: string,
    db: Pick<Database, 'update'> = this.db,
  ): Promise<boolean> {
    const { rowCount } = await db.update(users).set({ passwordHash: to }).where(hasPassword(id, from));
    return rowCount === 1;
  }

  /** Sets a password whatever the old one was, for somebody who has shown that the mailbox is theirs. */
  async resetPassword(tx: Transaction, id: string, passwordHash: string): Promise<void> {
    await tx.update(users).set({ passwordHash, emailVerified: true }).where(eq(users.id, id));
  }

  async markVerified(tx: Transaction, id: string): Promise<void> {
    await tx.update(users).set({ emailVerified: true }).where(eq(users.id, id));
  }

  /** @throws {Error} PostgreSQL's `unique_violation` when the address is taken */
  async changeEmail(tx: Transaction, id: string, email: string): Promise<void> {
    await tx.update(users).set({ email, emailVerified: true }).where(eq(users.id, id));
  }

  /** Whether the person may log in; the row must be locked. */
  async setDisabled(tx: Transaction, id: string, isDisabled: boolean): Promise<void> {
    const disabledAt = isDisabled ? sql`clock_timestamp()` : null;
    await tx.update(users).set({ disabledAt }).where(eq(users.id, id));
  }

  /** Keeps a person as they are until the end of the transaction. */
  async lockById(tx: Transaction, id: string): Promise<User | undefined> {
    const [user] = await tx.select().from(users).where(eq(users.id, id)).for('update');
    return user;
  }

  /** Keeps a person from being removed, and their address from changing, until the end of the transaction. */
  async holdById(tx: Transaction, id: string): Promise<User | undefined> {
    const [user] = await tx.select().from(users).where(eq(users.id, id)).for('key share');
    return user;
  }

  /** {@link holdById} by address. */
  async holdByEmail(tx: Transaction, email: string): Promise<User | undefined> {
    return theOne(email, await tx.select().from(users).where(hasEmail(email)).for('key share'));
  }

  /** Keeps sessions of a person from beginning until the end of the transaction. @returns whether there is one with this password */
  async lock(tx: Transaction, id: string, passwordHash: string): Promise<boolean> {
    const locked = await tx.select().from(users).where(hasPassword(id, passwordHash)).for('update');
    return locked.length > 0;
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await tx.delete(users).where(eq(users.id, id));
  }

  /**
   * One hash of each cost that is not that of the default settings. From cost to cost by the index, so that it takes as
   * many steps as there are costs.
   */
  async hashesOfEachCost(): Promise<string[]> {
    const { rows } = await this.db.execute<{ sample: string }>(sql`
      with recursive costs (cost) as (
        (select password_cost(password_hash) from users where ${IS_INDEXED} order by 1 limit 1)
        union all
        select (select password_cost(password_hash) from users
          where ${IS_INDEXED} and password_cost(password_hash) > costs.cost order by 1 limit 1)
        from costs where cost is not null)
      select (select password_hash from users
        where ${IS_INDEXED} and password_cost(password_hash) = costs.cost limit 1) as sample
      from costs where cost is not null`);
    return rows.map(({ sample }) => sample);
  }
}

function hasEmail(email: string) {
  return inArray(users.email, [...storedSpellings(email)]);
}

/** Of an account with today's spelling and one with an earlier one, if there are both, the former. */
function theOne(email: string, found: readonly User[]): User | undefined {
  return found.find((user) => user.email === email) ?? found[0];
}

function hasPassword(id: string, passwordHash: string) {
  return and(eq(users.id, id), eq(users.passwordHash, passwordHash));
}
