import { writtenBy } from '@signet/service-kit';
import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { eventStreams } from './event-streams.table.js';

/**
 * The outbox: one row for each event and stream, written by the transaction of the change and removed when the
 * receiver has acknowledged it. As rows wait until then, and no reader keeps a position, a transaction that commits
 * late loses nothing.
 */
export const accountEvents = pgTable(
  'account_events',
  {
    /** The order of delivery. It is taken after the locks of the change, so for one account it is that of the changes. */
    seq: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Of the security event token (RFC 7519 §4.1.7): each stream has tokens of its own. */
    jti: uuid()
      .notNull()
      .unique()
      .default(sql`gen_random_uuid()`),
    clientId: text('client_id')
      .notNull()
      .references(() => eventStreams.clientId, { onDelete: 'cascade' }),
    /** The event type URI. */
    type: text().notNull(),
    /** None for an event about the stream itself. */
    userId: uuid('user_id'),
    sessionId: uuid('session_id'),
    claims: jsonb().$type<Readonly<Record<string, unknown>>>().notNull().default({}),
    /** The same in all tokens about one change (OpenID SSF 1.0 §4.1.9, `txn`). */
    txn: uuid().notNull(),
    recordedAt: timestamp('recorded_at', { withTimezone: true })
      .notNull()
      .default(sql`clock_timestamp()`),
    /** Since when it waits: `EVENTS_RETENTION_SECONDS` count from here. */
    waitsSince: timestamp('waits_since', { withTimezone: true }).notNull().defaultNow(),
    /** How waiting polls find out that there is something new. */
    writtenBy: writtenBy(),
    /** From then on it is not delivered any more. */
    setAsideAt: timestamp('set_aside_at', { withTimezone: true }),
    /** `expired`, or the receiver's error code (RFC 8936 §2.4.4). */
    setAsideBecause: text('set_aside_because'),
    /** The receiver's words. */
    setAsideDetail: text('set_aside_detail'),
  },
  (table) => [
    index('account_events_to_deliver')
      .on(table.clientId, table.seq)
      .where(sql`${table.setAsideAt} is null`),
    index('account_events_set_aside')
      .on(table.setAsideAt)
      .where(sql`${table.setAsideAt} is not null`),
    index('account_events_by_transaction').on(table.writtenBy),
    index('account_events_of_user').on(table.userId),
  ],
);

export type OutboxEvent = typeof accountEvents.$inferSelect;
