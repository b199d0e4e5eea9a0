import { Pool } from 'pg';
import { CONNECTIONS } from '../load.js';

/** What a refresh writes, and nothing else: the least that an exchange of tokens can cost. */
const BARE_UPDATE = {
  name: 'bare_update',
  text: `update sessions set counter = counter + 1, last_used_at = now(),
    expires_at = least(now() + interval '30 days', ends_at) where id = $1 and counter = $2 returning id`,
};

/** Connections to a database, as many as a service has. */
export function openPool(connectionString: string): Pool {
  return new Pool({ connectionString, max: 10 });
}

/** @throws {Error} when the row was not as it should have been */
export async function updateBare(
  pool: Pool,
  session: { readonly id: string; counter: number },
): Promise<void> {
  const { rowCount } = await pool.query({ ...BARE_UPDATE, values: [session.id, session.counter++] });
  if (rowCount !== 1) throw new Error(`session ${session.id} was not as expected`);
}

/** Does something `count` times, to one item after the other, a few at once. @returns µs of wall time for each */
export async function inTurn<Item>(
  items: readonly Item[],
  count: number,
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(items[next++ % items.length]!);
  };
  const since = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, () => worker()));
  return ((performance.now() - since) * 1000) / count;
}
