import { sql } from 'drizzle-orm';
import { bigint, check, index, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { writtenBy, xid8 } from '@signet/service-kit';

const REVOCATION_KINDS = ['session', 'user', 'key'] as const;
const CUT_OFF_KINDS = ['client', 'stale-user', 'stale-role', 'token'] as const;

/** Access tokens that ended before their time. */
export const revocations = pgTable(
  'revocations',
  {
    kind: text({ enum: REVOCATION_KINDS }).notNull(),
    /** `sid`, `sub` or `kid`, by kind. */
    id: text().notNull(),
    /** Of a user: tokens issued earlier than this second (since the epoch) are revoked. */
    before: bigint({ mode: 'number' }),
    revokedAt: timestamp('revoked_at', { withTimezone: true }).notNull().defaultNow(),
    /** When the last token concerned has expired by itself. */
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    writtenBy: writtenBy(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.id] }),
    index('revocations_to_remove').on(table.expiresAt),
    index('revocations_by_transaction').on(table.writtenBy),
    check('revocations_kind', sql`${table.kind} in ('session', 'user', 'key')`),
    check('revocations_before', sql`(${table.kind} = 'user') = (${table.before} is not null)`),
  ],
);

/**
 * More of the same, in a table of its own: a replica of an older version, which runs beside this one during an upgrade,
 * reads all of {@link revocations} and stops at a kind that it does not know.
 */
export const cutOffs = pgTable(
  'cut_offs',
  {
    kind: text({ enum: CUT_OFF_KINDS }).notNull(),
    /** The id of a client, a user or a token, or the name of a role. */
    id: text().notNull(),
    /** Tokens issued earlier than this second (since the epoch) are not good. */
    before: bigint({ mode: 'number' }).notNull(),
    /** When the last of them has expired by itself. */
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    writtenBy: writtenBy(),
    /** Of a token: who holds it. */
    client: text(),
    /**
     * Of a client: the transaction that has moved `before` for a single token, as replicas that do not know the kind would
     * let it live. While no other has written the row, the cut-off of all the client's tokens is {@link ownBefore}.
     */
    movedBy: xid8('moved_by'),
    ownBefore: bigint('own_before', { mode: 'number' }),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.id] }),
    index('cut_offs_to_remove').on(table.expiresAt),
    index('cut_offs_by_transaction').on(table.writtenBy),
    check('cut_offs_kind', sql`${table.kind} in ('client', 'stale-user', 'stale-role', 'token')`),
    check('cut_offs_client', sql`(${table.kind} = 'token') = (${table.client} is not null)`),
  ],
);
