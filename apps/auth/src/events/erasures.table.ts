import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * Which service was told of which deletion, and has confirmed it. Of the person only the id is left, which is random
 * and leads to nothing any more.
 */
export const erasureReceipts = pgTable(
  'erasure_receipts',
  {
    userId: uuid('user_id').notNull(),
    /** No foreign key: a receipt outlives the account and the client. */
    clientId: text('client_id').notNull(),
    /** Of the `account-purged` event. */
    jti: uuid().notNull(),
    erasedAt: timestamp('erased_at', { withTimezone: true }).notNull().defaultNow(),
    /** When the event was delivered first. */
    toldAt: timestamp('told_at', { withTimezone: true }),
    confirmedAt: timestamp('confirmed_at', { withTimezone: true }),
    /** Why the service could not, in its last word about it. */
    error: text(),
    /** When the log told that the deadline has passed. */
    reportedOverdueAt: timestamp('reported_overdue_at', { withTimezone: true }),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.clientId] }),
    index('erasure_receipts_by_event').on(table.jti),
    index('erasure_receipts_by_time').on(table.erasedAt, table.userId),
    index('erasure_receipts_open')
      .on(table.erasedAt)
      .where(sql`${table.confirmedAt} is null`),
  ],
);
