import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { bytea } from '@signet/service-kit';
import { users } from '../users/users.table.js';

export const TOKEN_PURPOSES = [
  'registration',
  'email_verification',
  'password_reset',
  'email_change',
  'invitation',
] as const;
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number];

/**
 * What people have been sent to show that a mailbox is theirs. One row per purpose and subject, so that a new token
 * replaces the one before it; a token that is used is a row that goes, so that it works once.
 */
export const oneTimeTokens = pgTable(
  'one_time_tokens',
  {
    purpose: text({ enum: TOKEN_PURPOSES }).notNull(),
    /**
     * Of a registration, which has no account yet and stands beside others of the same address, the mail that asked for
     * it; of the others, the id of the person.
     */
    subject: text().notNull(),
    /** SHA-256 of the token. A token is 32 random bytes, so that there is nothing to guess by its hash. */
    digest: bytea().notNull().unique(),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Where the token was sent. */
    email: text().notNull(),
    /** Of a registration: the password that comes with the account. */
    passwordHash: text('password_hash'),
    /** The mail that asked for it: one that is late does not replace the token of a newer one. */
    mailId: uuid('mail_id').notNull(),
    /** How often a password was shown with it. */
    tries: integer().notNull().default(0),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.purpose, table.subject] }),
    index('one_time_tokens_of_user').on(table.userId),
    index('one_time_tokens_to_remove').on(table.expiresAt),
    index('one_time_tokens_to_address').on(table.email),
    check('one_time_tokens_subject', sql`(${table.purpose} = 'registration') = (${table.userId} is null)`),
    check(
      'one_time_tokens_password',
      sql`(${table.purpose} = 'registration') = (${table.passwordHash} is not null)`,
    ),
  ],
);
