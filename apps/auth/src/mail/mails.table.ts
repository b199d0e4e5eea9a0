import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from '../users/users.table.js';

export const MAIL_KINDS = [
  'registration',
  'email_verification',
  'password_reset',
  'email_change',
  'email_change_notice',
  'password_changed',
  'invitation',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** What else is needed to write a mail; never a one-time token. */
export interface MailData {
  /** Of a registration: the hash of the password that was chosen. */
  readonly passwordHash?: string;
  /** Who asked for it, for the record of events; an older replica reads this name. */
  readonly client?: { readonly ip: string; readonly userAgent: string | null };
}

/**
 * Mails to be written and sent: a request leaves a row, whoever it is about, and everything that depends on that
 * happens after the answer. A row goes when its mail has been sent, given up or found to be for nobody.
 */
export const mails = pgTable(
  'mails',
  {
    /** UUIDv7: of two requests the later one has the greater id. */
    id: uuid()
      .primaryKey()
      .default(sql`uuidv7()`),
    kind: text({ enum: MAIL_KINDS }).notNull(),
    address: text().notNull(),
    /** The person concerned, where the request knows. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    data: jsonb().$type<MailData>().notNull().default({}),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    /** How often somebody has begun to send it. */
    attempts: integer().notNull().default(0),
    /** When it may be begun again; while it is being sent, when whoever does so is taken for dead. */
    nextAttemptAt: timestamp('next_attempt_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('mails_to_send').on(table.nextAttemptAt),
    index('mails_to_address').on(table.address),
    index('mails_of_user').on(table.userId),
  ],
);
