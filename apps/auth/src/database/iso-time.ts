import { sql, type SQL } from 'drizzle-orm';

/** A point in time as `Date.toISOString()` writes it, as part of a statement. @param column written into it as it is */
export function isoTime(column: string): SQL<string> {
  return sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`) as SQL<string>;
}
