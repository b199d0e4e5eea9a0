import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import { setTimeout as delay } from 'node:timers/promises';

const LONGEST_WAIT_MS = 2_000;

/** A moment in whole seconds since the epoch, rounded down: what `iat` is given in. */
export function epochSeconds(time: SQLWrapper): SQL<number> {
  return sql<number>`floor(extract(epoch from ${time}))::bigint`.mapWith(Number);
}

/**
 * Seconds until a token that is issued to a user now would not be refused at once, because of a cut-off in the second
 * that is running; zero or less: nothing to wait for.
 *
 * @param userId an expression of the surrounding statement, with its table's name
 * @param roles a query for the names of the roles that the token will have
 */
export function waitOf(userId: string, roles: SQL): SQL<number> {
  const user = sql.raw(userId);
  return sql<number>`coalesce((
    select max(before) from (
      select before from revocations where kind = 'user' and id = ${user}::text
      union all select before from cut_offs where kind = 'stale-user' and id = ${user}::text
      union all select before from cut_offs where kind = 'stale-role' and id in (${roles})) c), 0)
    - extract(epoch from now())`.mapWith(Number);
}

/**
 * Reads what a token is about to be issued by, and reads it again after the second in which a cut-off falls, if that is
 * now: tokens of that second cannot be told apart by what they say, so the cut-off takes them all. Nothing that was read
 * before the wait is decided on after it.
 *
 * @param read also says how many seconds there are to wait, as {@link waitOf} finds it
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
