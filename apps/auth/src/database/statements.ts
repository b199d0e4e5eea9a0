import type { Database } from '@signet/service-kit';
import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/**
 * Removes some of the rows whose time is over. Those that another replica has locked are left for it.
 *
 * @param key tells the rows apart: a column, or several as `sql`a, b``
 * @param limit how many at most
 * @returns how many were removed
 */
export async function removeBatch(
  db: Pick<Database, 'execute'>,
  table: PgTable,
  key: SQLWrapper,
  isOver: SQLWrapper,
  limit: number,
): Promise<number> {
  const { rowCount } = await db.execute(sql`
    delete from ${table} where (${key}) in (
      select ${key} from ${table} where ${isOver} limit ${limit}::int for update skip locked)`);
  return rowCount ?? 0;
}

/** A point in time as `Date.toISOString()` writes it, as part of a statement. @param column written into it as it is */
export function isoTime(column: string): SQL<string> {
  return sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`) as SQL<string>;
}
