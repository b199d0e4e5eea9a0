import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { faultOf } from './fault.js';

/** Any number does, as long as every replica of every version uses the same. */
const MIGRATION_LOCK = 7_446_392_015;

/**
 * Brings the database up to the migrations in `folder`. Replicas that start at once take turns by an advisory
 * lock; all that is pending is applied in one transaction.
 *
 * @param client a connection for this only: a migration may take longer than any statement of the service,
 * and the lock is held until the connection ends.
 * @returns the number of migrations that this call has applied.
 * @throws {Error} with the database's words when a migration fails; then none of them is applied.
 */
export async function applyMigrations(client: Client, folder: string): Promise<number> {
  await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    const before = await appliedMigrations(client);
    await migrate(drizzle(client), { migrationsFolder: folder });
    const after = await appliedMigrations(client);
    refuseSkipped(folder, after);
    return after.size - before.size;
  } catch (error) {
    throw new Error(
      `The migrations in ${folder} were not applied: ${culpritOf(error, folder)}${wordsOf(error)}`,
      { cause: error },
    );
  }
}

/** The times by which Drizzle tells migrations apart. */
async function appliedMigrations(client: Client): Promise<Set<number>> {
  const table = await client.query<{ name: string | null }>(
    `SELECT to_regclass('drizzle.__drizzle_migrations') AS name`,
  );
  if (table.rows[0]?.name === null) return new Set();
  const { rows } = await client.query<{ created_at: string }>(
    'SELECT created_at FROM drizzle.__drizzle_migrations',
  );
  return new Set(rows.map((row) => Number(row.created_at)));
}

/** Drizzle silently passes over a migration that is older than the newest applied one: a branch merged late. */
function refuseSkipped(folder: string, applied: Set<number>): void {
  const skipped = readMigrationFiles({ migrationsFolder: folder }).filter(
    (m) => !applied.has(m.folderMillis),
  );
  if (skipped.length === 0) return;
  const times = skipped.map((migration) => new Date(migration.folderMillis).toISOString()).join(', ');
  throw new Error(`those made at ${times} are older than the newest one applied; generate them again`);
}

/** The name of the migration that a statement which has failed is part of, where there is one. */
function culpritOf(error: unknown, folder: string): string {
  if (!(error instanceof DrizzleQueryError)) return '';
  const migration = readMigrationFiles({ migrationsFolder: folder }).find(({ sql }) =>
    sql.includes(error.query),
  );
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { when: number; tag: string }[];
  };
  const tag = journal.entries.find(({ when }) => when === migration?.folderMillis)?.tag;
  return tag === undefined ? '' : `in ${tag}: `;
}

/** Drizzle's own message is the whole SQL text; the reason is in its cause. */
function wordsOf(error: unknown): string {
  const cause: unknown = error instanceof DrizzleQueryError ? error.cause : undefined;
  return faultOf(cause ?? error).message;
}
