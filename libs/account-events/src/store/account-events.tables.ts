import { boolean, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { AccountEvent } from '../account-event.js';

const time = (name: string) => timestamp(name, { withTimezone: true });

/** Which events were handled, each noted by the transaction of its handler. */
export const handledAccountEvents = pgTable(
  'account_events_handled',
  { jti: text().primaryKey(), handledAt: time('handled_at').notNull().defaultNow() },
  (table) => [index('account_events_handled_by_time').on(table.handledAt)],
);

/** How often events were begun that are not done with, counted before the handler runs. */
export const begunAccountEvents = pgTable('account_events_begun', {
  jti: text().primaryKey(),
  attempts: integer().notNull().default(1),
  begunAt: time('begun_at').notNull().defaultNow(),
});

/** Events whose handler kept failing. */
export const setAsideAccountEvents = pgTable('account_events_set_aside', {
  jti: text().primaryKey(),
  event: jsonb().$type<AccountEvent>().notNull(),
  error: text().notNull(),
  attempts: integer().notNull(),
  setAsideAt: time('set_aside_at').notNull().defaultNow(),
  isRetried: boolean('is_retried').notNull().default(false),
});

/** Which replica handles events, and until when. */
export const accountEventsLease = pgTable('account_events_lease', {
  name: text().primaryKey(),
  holder: text().notNull(),
  until: time('until').notNull(),
});
