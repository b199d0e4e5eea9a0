import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Of a hash with the default settings, which is never imported: there is no need to find those. */
const DEFAULT_COST = '$argon2id$v=19$m=19456,t=2,p=1$%';

/** The people who can log in. */
export const users = pgTable(
  'users',
  {
    /** UUIDv7; services know a person by it alone, so it is never given to anybody else. */
    id: uuid()
      .primaryKey()
      .default(sql`uuidv7()`),
    /** As `normaliseEmail` leaves it, so that one mailbox is one account; `users addresses` reports older spellings. */
    email: text().notNull().unique(),
    /** PHC string. */
    passwordHash: text('password_hash').notNull(),
    emailVerified: boolean('email_verified').notNull().default(false),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    /** Since when the person cannot log in. */
    disabledAt: timestamp('disabled_at', { withTimezone: true }),
  },
  (table) => [
    index('users_by_email_prefix').on(sql`email collate "C"`),
    index('users_disabled')
      .on(table.id)
      .where(sql`${table.disabledAt} is not null`),
    /** What imported hashes cost to check; `password_cost` is made by the migration. */
    index('users_by_password_cost')
      .on(sql`password_cost(${table.passwordHash})`)
      .where(sql`${table.passwordHash} not like ${sql.raw(`'${DEFAULT_COST}'`)}`),
  ],
);
