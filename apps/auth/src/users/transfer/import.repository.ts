import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { boolean, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { User } from '../users.repository.js';
import { users } from '../users.table.js';
import type { ImportedUser } from './imported-user.js';

export interface ImportTarget {
  /** The accounts that have one of these addresses or ids. */
  findLike(rows: readonly ImportedUser[]): Promise<User[]>;
  /** Adds those whose address and id are free. @returns the addresses of those that it has added */
  addFree(rows: readonly ImportedUser[]): Promise<Set<string>>;
}

/** What a dry run would have added; with the columns of `users`. */
const rehearsed = pgTable('rehearsed_users', {
  id: uuid().primaryKey(),
  email: text().notNull(),
  passwordHash: text('password_hash').notNull(),
  emailVerified: boolean('email_verified').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
});

@Injectable()
export class ImportRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /** For good: each call adds in a transaction of its own, so that whatever it has returned of stays. */
  readonly target: ImportTarget = {
    findLike: (rows) => findLike(this.db, users, rows),
    addFree: async (rows) =>
      addressesOf(
        await this.db
          .insert(users)
          .values([...rows])
          .onConflictDoNothing()
          .returning({ email: users.email }),
      ),
  };

  /**
   * Runs `work` with a target that changes nothing: people are added to a temporary table beside `users`, so that
   * nobody else has to wait for rows that never come to be.
   */
  async rehearse<T>(work: (target: ImportTarget) => Promise<T>): Promise<T> {
    return this.db.transaction(async (tx) => {
      await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`);
      await tx.execute(
        sql`create temporary table ${rehearsed} (like ${users} including defaults including indexes) on commit drop`,
      );
      return work({
        findLike: async (rows) => [
          ...(await findLike(tx, users, rows)),
          ...(await findLike(tx, rehearsed, rows)),
        ],
        addFree: async (rows) => {
          const values = rows.map(({ id, createdAt, ...row }) => ({
            id: id ?? sql`uuidv7()`,
            createdAt: createdAt ?? sql`now()`,
            ...row,
          }));
          const added = tx.insert(rehearsed).values(values).onConflictDoNothing();
          return addressesOf(await added.returning({ email: rehearsed.email }));
        },
      });
    });
  }
}

function findLike(
  db: Pick<Database, 'select'>,
  table: typeof users | typeof rehearsed,
  rows: readonly ImportedUser[],
): Promise<User[]> {
  const emails = rows.map(({ email }) => email);
  const ids = rows.flatMap(({ id }) => (id === undefined ? [] : [id]));
  // Arrays are one parameter each, whatever the size of the batch.
  const isLike = sql`${table.email} = any(${sql.param(emails)}::text[]) or ${table.id} = any(${sql.param(ids)}::uuid[])`;
  return db
    .select()
    .from(table as typeof users)
    .where(isLike);
}

function addressesOf(rows: readonly { email: string }[]): Set<string> {
  return new Set(rows.map(({ email }) => email));
}
