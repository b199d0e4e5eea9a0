import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { drizzle } from 'drizzle-orm/node-postgres';
import { BoundedPool, PoolIsFullError } from './bounded-pool.js';

let pool: BoundedPool;
beforeEach(() => {
  const connectionString = process.env['TEST_DATABASE_URL'];
  pool = new BoundedPool({ connectionString, max: 2, connectionTimeoutMillis: 10_000 }, 3);
});
afterEach(() => pool.end());

test('what would wait behind too many others is refused at once, and the rest is served', async () => {
  const held = [await pool.connect(), await pool.connect()];
  const waiting = [pool.query('select 1'), pool.connect(), pool.query('select 1')];
  await expect(pool.query('select 1')).rejects.toThrow(PoolIsFullError);
  await expect(pool.connect()).rejects.toThrow(PoolIsFullError);
  for (const client of held) client.release();
  const [first, client, last] = await Promise.all(waiting);
  expect([first, last]).toEqual([
    expect.objectContaining({ rowCount: 1 }),
    expect.objectContaining({ rowCount: 1 }),
  ]);
  (client as { release: () => void }).release();
  await pool.query('select 1');
});

test('transactions whose connection is cut off before they begin use up no place in the pool', async () => {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = drizzle(pool);
  // pg's pool lends a connection whose end it has not heard of yet.
  for (let round = 0; round < 4; round++) {
    const client = await pool.connect();
    const cut = client.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    pool.connect = () => Promise.resolve(client);
    const failing = db.transaction(() => Promise.resolve());
    Reflect.deleteProperty(pool, 'connect');
    await expect(failing).rejects.toThrow();
    await cut;
  }
  expect((await pool.query('select 1')).rowCount).toBe(1);
});
