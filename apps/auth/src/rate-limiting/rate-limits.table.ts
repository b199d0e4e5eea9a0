import { bigint, index, integer, pgTable, varchar } from 'drizzle-orm/pg-core';

/**
 * What has been counted, by all replicas together. The columns and their order are those that
 * `rate-limiter-flexible` writes by.
 */
export const rateLimits = pgTable(
  'rate_limits',
  {
    /** The limit, and an HMAC of whose it is: the table names neither addresses nor networks. */
    key: varchar({ length: 255 }).primaryKey(),
    points: integer().notNull().default(0),
    /** Milliseconds since the epoch, by the clock of the replica. */
    expire: bigint({ mode: 'number' }),
  },
  (table) => [index('rate_limits_to_remove').on(table.expire)],
);
