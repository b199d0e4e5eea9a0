import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { readMigrationFiles, type MigrationMeta } from 'drizzle-orm/migrator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { faultOf } from './fault.js';
import { requireServerVersion } from './server-version.js';
import { ensureUuidv7 } from './uuidv7.js';

/** Any number does, as long as every replica of every version uses the same. */
const MIGRATION_LOCK = 7_446_392_015;
/** PostgreSQL's codes (appendix A): insufficient_privilege, duplicate_table. */
const MISSING_RIGHT = '42501';
const IS_THERE_ALREADY = '42P07';

/**
 * Brings the database up to the migrations in `folder`. Replicas that start at once take turns by an advisory
 * lock; all that is pending is applied in one transaction.
 *
 * @param client a connection for this only: a migration may take longer than any statement of the service,
 * and the lock is held until the connection ends.
 * @returns the number of migrations that this call has applied.
 * @throws {Error} of one line when the server is too old, the database another program's, or a right is missing;
 * with the database's words when a migration fails. Then none of them is applied.
 */
export async function applyMigrations(client: Client, folder: string): Promise<number> {
  const serverVersion = await requireServerVersion(client);
  await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    const before = await appliedMigrations(client);
    const known = readMigrationFiles({ migrationsFolder: folder });
    refuseForeign(client, known, before);
    // Replicas of a role that may change nothing start as well, where nothing has to be changed.
    if (known.every(({ folderMillis }) => before.has(folderMillis))) return 0;
    await ensureUuidv7(client, serverVersion);
    await migrate(drizzle(client), { migrationsFolder: folder });
    const after = await appliedMigrations(client);
    refuseSkipped(known, after);
    return after.size - before.size;
  } catch (error) {
    throw new Error(explanationOf(error, client, folder), { cause: error });
  }
}

/**
 * A newer version of this service has applied more than this one knows, but began with the same migration.
 *
 * @throws {Error} if the migrations are those of another program
 */
function refuseForeign(client: Client, [first]: MigrationMeta[], applied: ReadonlySet<number>): void {
  if (applied.size === 0 || first === undefined || applied.has(first.folderMillis)) return;
  throw new ForeignDatabaseError(
    `Database "${client.database}" belongs to another program, whose migrations it has: ` +
      'each service needs a database of its own (DATABASE_URL)',
  );
}

function explanationOf(error: unknown, client: Client, folder: string): string {
  if (error instanceof ForeignDatabaseError) return error.message;
  const { code, message } = faultOf(error instanceof DrizzleQueryError ? error.cause : error);
  if (code === MISSING_RIGHT)
    return (
      `The role "${client.user}" may not make tables in database "${client.database}" (${message}): ` +
      'let it own the database, or set DATABASE_MIGRATION_URL to a role that does'
    );
  if (code === IS_THERE_ALREADY)
    return (
      `Database "${client.database}" has something of another program (${message}): ` +
      'each service needs a database of its own (DATABASE_URL)'
    );
  return `The migrations in ${folder} were not applied: ${culpritOf(error, folder)}${message}`;
}

class ForeignDatabaseError extends Error {}

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
function refuseSkipped(known: readonly MigrationMeta[], applied: ReadonlySet<number>): void {
  const skipped = known.filter(({ folderMillis }) => !applied.has(folderMillis));
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
