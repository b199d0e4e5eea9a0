import { sql } from 'drizzle-orm';
import { customType } from 'drizzle-orm/pg-core';

/** Bytes. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** The id of a transaction, 64 bits wide: unlike `xid` it never wraps around. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/** The transaction that writes a row: rows become visible in another order than that of any time or number. */
export const THIS_TRANSACTION = sql`pg_current_xact_id()`;

/** The column that `readFromHorizon` goes by. A statement that changes a row sets it to {@link THIS_TRANSACTION}. */
export const writtenBy = () => xid8('written_by').notNull().default(THIS_TRANSACTION);
