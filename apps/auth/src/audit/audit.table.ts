import { sql } from 'drizzle-orm';
import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** What happened to accounts that somebody may have to explain later. Rows are added, and never changed. */
export const auditEvents = pgTable(
  'audit_events',
  {
    /** UUIDv7, so that the order of ids is the order of events. */
    id: uuid()
      .primaryKey()
      .default(sql`uuidv7()`),
    time: timestamp({ withTimezone: true }).notNull().defaultNow(),
    event: text().notNull(),
    outcome: text().notNull(),
    /** No foreign keys: the record outlives the account and the session. */
    userId: uuid('user_id'),
    sessionId: uuid('session_id'),
    address: text(),
    userAgent: text('user_agent'),
  },
  (table) => [index('audit_events_of_user').on(table.userId, table.id)],
);
