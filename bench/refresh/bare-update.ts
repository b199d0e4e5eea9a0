import { Pool } from 'pg';
import { CONNECTIONS } from '../load.js';
import type { OperationCost, RefreshRound } from '../protocol.js';

type Session = { readonly id: string; counter: number };
type BareRound = Pick<RefreshRound, 'bare' | 'bareAfterRead'>;

/** What a refresh writes, and nothing else: the least that an exchange of tokens can cost. */
const BARE_UPDATE = {
  name: 'bare_update',
  text: `update sessions set counter = counter + 1, last_used_at = now(),
    expires_at = least(now() + interval '30 days', ends_at) where id = $1 and counter = $2 returning id`,
};

const BARE_SELECT = {
  name: 'bare_select',
  text: 'select id, user_id, seed, counter, expires_at from sessions where id = $1',
};

/** Connections to a database, as many as a service has. */
export function openPool(connectionString: string): Pool {
  return new Pool({ connectionString, max: 10 });
}

/** @throws {Error} when the row was not as it should have been */
export async function updateBare(pool: Pool, session: Session): Promise<void> {
  const { rowCount } = await pool.query({ ...BARE_UPDATE, values: [session.id, session.counter++] });
  if (rowCount !== 1) throw new Error(`session ${session.id} was not as expected`);
}

/** The same after a look at the row, as a refresh must see the session's seed before it may change anything. */
export async function updateBareAfterRead(pool: Pool, session: Session): Promise<void> {
  await pool.query({ ...BARE_SELECT, values: [session.id] });
  await updateBare(pool, session);
}

/** Some bare updates, with and without a look at the row, by this process. */
export async function bareRound(pool: Pool, sessions: readonly Session[], count: number): Promise<BareRound> {
  return {
    bare: await costOf(sessions, count, (session) => updateBare(pool, session)),
    bareAfterRead: await costOf(sessions, count, (session) => updateBareAfterRead(pool, session)),
  };
}

/** Does something `count` times, to one item after the other, a few at once. */
export async function costOf<Item>(
  items: readonly Item[],
  count: number,
  work: (item: Item) => Promise<unknown>,
): Promise<OperationCost> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(items[next++ % items.length]!);
  };
  const [before, since] = [process.cpuUsage(), performance.now()];
  await Promise.all(Array.from({ length: CONNECTIONS }, () => worker()));
  const wall = ((performance.now() - since) * 1000) / count;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / count };
}
