import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import { setTimeout as delay } from 'node:timers/promises';

const LONGEST_WAIT_MS = 2_000;

/** A moment in whole seconds since the epoch, rounded down: what `iat` is given in. */
export function epochSeconds(time: SQLWrapper): SQL<number> {
  return sql<number>`floor(extract(epoch from ${time}))::bigint`.mapWith(Number);
}

const TABLES = { user: 'revocations', 'stale-user': 'cut_offs' } as const;

/**
 * The second before which tokens of a user are refused because of a cut-off of the user, as part of a statement; `null`
 * without one. Each kind costs a look into one index.
 *
 * @param userId an expression of the surrounding statement, with its table's name
 */
export function cutOffOf(userId: string, kinds: readonly (keyof typeof TABLES)[]): string {
  const latest = kinds.map(
    (kind) => `(select before from ${TABLES[kind]} where kind = '${kind}' and id = ${userId}::text)`,
  );
  return `greatest(${latest.join(', ')})`;
}

/** The cut-off of a row of `cut_offs`, without what stands there for single tokens of a client; `null` for no other. */
export function ownCutOff(row: string): string {
  return `case when ${row}.written_by = ${row}.moved_by then ${row}.own_before else ${row}.before end`;
}

/**
 * Reads what a token is about to be issued by, and reads it again after the second in which a cut-off falls, if that is
 * now: tokens of that second cannot be told apart by what they say, so the cut-off takes them all. Nothing that was read
 * before the wait is decided on after it.
 *
 * @param read also says how many seconds there are to wait: until the latest of the user's cut-offs has passed
 */
export async function afterCutOff<T extends { readonly wait: number }>(
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const found = await read();
    // A clock of the database that was set back must not keep anyone out for as long.
    if (!found || found.wait <= 0 || performance.now() > deadline) return found;
    await delay(Math.min(Math.ceil(found.wait * 1000), LONGEST_WAIT_MS));
  }
}
