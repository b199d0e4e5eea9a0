import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * Failed logins to addresses that no account has, counted by network: anyone can make any number of them. The first of a
 * network is recorded as an event at once, the others as one event in the end.
 */
export const unknownLogins = pgTable(
  'unknown_logins',
  {
    /** As `siteOf` gives it. */
    network: text().primaryKey(),
    attempts: integer().notNull().default(1),
    since: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('unknown_logins_to_record').on(table.since)],
);
