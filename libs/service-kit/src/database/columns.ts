import { customType } from 'drizzle-orm/pg-core';

/** Bytes. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** The id of a transaction, 64 bits wide: unlike `xid` it never wraps around. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });
