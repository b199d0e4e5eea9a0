import type { Database } from '@signet/service-kit';
import { sql, type SQLWrapper } from 'drizzle-orm';
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
