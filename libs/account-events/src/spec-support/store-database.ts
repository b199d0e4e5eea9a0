import { drizzle } from 'drizzle-orm/node-postgres';
import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { DrizzleAccountEventStore } from '../drizzle.js';

/** As `drizzle-kit` makes them of the tables that the package exports. */
const TABLES = `
  create table account_events_handled (jti text primary key, handled_at timestamptz not null default now());
  create table account_events_begun (jti text primary key, attempts int not null default 1,
    begun_at timestamptz not null default now());
  create table account_events_set_aside (jti text primary key, event jsonb not null, error text not null,
    attempts int not null, set_aside_at timestamptz not null default now(), is_retried bool not null default false);
  create table account_events_lease (name text primary key, holder text not null, until timestamptz not null);
  create table effects (what text not null);`;

/** A schema of a test's own on the server that tests share. */
export async function openStoreDatabase() {
  const schema = `account_events_${randomBytes(6).toString('hex')}`;
  const connectionString = process.env['TEST_DATABASE_URL'] ?? '';
  const admin = new Pool({ connectionString, max: 1 });
  await admin.query(`create schema ${schema}`);
  const pool = new Pool({
    connectionString,
    max: 40,
    options: `-c search_path=${schema}`,
    application_name: schema,
  });
  // A connection that is cut off must not end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  await pool.query(TABLES);
  const db = drizzle(pool);
  return {
    schema,
    pool,
    db,
    /** Ends every connection of the service. */
    cut: () =>
      admin.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
        schema,
      ]),
    store: new DrizzleAccountEventStore(db),
    async close(): Promise<void> {
      // Not waited for: Drizzle never gives a connection back whose `begin` failed, as after `cut`.
      void pool.end();
      await admin.query(`drop schema ${schema} cascade`);
      await admin.end();
    },
  };
}

export type StoreDatabase = Awaited<ReturnType<typeof openStoreDatabase>>;
