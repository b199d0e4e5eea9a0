import { sql } from 'drizzle-orm';
import { boolean, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** The people who can log in. */
export const users = pgTable('users', {
  /** UUIDv7; services know a person by it alone, so it is never given to anybody else. */
  id: uuid()
    .primaryKey()
    .default(sql`uuidv7()`),
  /** As `normaliseEmail` leaves it, so that one mailbox is one account. */
  email: text().notNull().unique(),
  /** PHC string. */
  passwordHash: text('password_hash').notNull(),
  emailVerified: boolean('email_verified').notNull().default(false),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
