import { sql, type SQL } from 'drizzle-orm';
import type { Database } from './inject-database.js';

/**
 * Reads rows that were written by a transaction from `horizon` on, together with the next horizon: all transactions
 * before that one had ended when this was read, so whatever they wrote is in what was read up to now. Neither times nor
 * sequences could say that, as transactions do not commit in the order of either.
 *
 * @param db the connection to read by
 * @param select the query, given the condition that its rows have to meet
 * @param horizon of the reading before; every row unless told, and for `null` none: the next horizon alone
 */
export async function readFromHorizon<Row extends Record<string, unknown>>(
  db: Pick<Database, 'execute'>,
  select: (isNew: SQL) => SQL<Row>,
  horizon: string | null = '0',
): Promise<{ rows: Row[]; horizon: string }> {
  const result = await db.execute(sql`
    select r.*, s.xmin as horizon
    from (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) s
    left join (select true as found, q.* from (${select(sql`written_by >= ${horizon}::xid8`)}) q) r on true`);
  const rows = result.rows as (Row & { readonly found: true | null; readonly horizon: string })[];
  // Where nothing is new there is one row, of the horizon alone.
  return { rows: rows.filter(({ found }) => found), horizon: rows[0]?.horizon ?? horizon ?? '0' };
}
