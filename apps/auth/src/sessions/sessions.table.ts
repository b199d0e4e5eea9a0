import { sql } from 'drizzle-orm';
import { bigint, date, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { bytea } from '@signet/service-kit';
import { users } from '../users/users.table.js';

const time = (name: string) => timestamp(name, { withTimezone: true });

/**
 * The sessions that people have: one row each, however often it is refreshed. A session that ends is a row that
 * goes, so nothing can bring it back.
 *
 * A refresh changes no indexed column (`removeOn` but once a day), so that PostgreSQL can put the new version of
 * the row beside the old one and leave every index alone (a HOT update).
 */
export const sessions = pgTable(
  'sessions',
  {
    /** UUIDv7; the `sid` of access tokens. */
    id: uuid()
      .primaryKey()
      .default(sql`uuidv7()`),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** 32 random bytes: what of a refresh token only the database knows. */
    seed: bytea().notNull(),
    /** The counter of the one refresh token that is current; the one below it is its parent. */
    counter: bigint({ mode: 'number' }).notNull().default(0),
    /** When the current refresh token came to be, which is the first use of its parent. */
    lastUsedAt: time('last_used_at').notNull().defaultNow(),
    /** The end unless it is refreshed before; never later than `endsAt`. */
    expiresAt: time('expires_at').notNull(),
    /** The end whatever happens; set once. */
    endsAt: time('ends_at').notNull(),
    /** What its access tokens are for; everything that is configured unless the login asked for one audience. */
    audience: text(),
    userAgent: text('user_agent'),
    ip: text().notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
    /**
     * From this day on the row may be removed: at least a day after the end, when the session's last access token
     * has long expired, so that whoever ends all sessions of a person finds each that still has one.
     */
    removeOn: date('remove_on')
      .notNull()
      .generatedAlwaysAs(sql`(expires_at at time zone 'UTC')::date + 2`),
  },
  (table) => [index('sessions_of_user').on(table.userId), index('sessions_to_remove').on(table.removeOn)],
);
