import { createHash, randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, escapeIdentifier } from 'pg';
import { connect } from '../database/connect.js';
import { applyMigrations } from '../database/migrations.js';
import { TEST_DATABASE_URL } from './test-server.js';

/** Any number does, as long as every worker uses the same. */
const TEMPLATE_LOCK = 7_446_392_016;
/** Of PostgreSQL: `object_in_use`. */
const IN_USE = '55006';

/** What a test's database is made from. */
export interface TestDatabaseOptions {
  readonly migrationsFolder: string;
  /** A word for people who look at the server: the name of the app, say. */
  readonly name: string;
}

/** A migrated database of a test's own. */
export interface TestDatabase {
  readonly url: string;
  /** Removes the database; whoever is still connected is cut off. */
  readonly drop: () => Promise<void>;
}

/**
 * Makes a fresh, migrated database, by copying a template that is migrated once for every state of the
 * migrations folder: some tens of milliseconds each.
 *
 * @example
 * const database = await createTestDatabase({ migrationsFolder, name: 'auth' });
 * afterAll(() => database.drop());
 *
 * @throws {Error} if there is no server: tests run under Jest's global setup, or with `TEST_DATABASE_URL`
 */
export async function createTestDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const name = `test_${options.name.replaceAll(/\W/g, '_').slice(0, 40)}_${randomBytes(6).toString('hex')}`;
  await onServer(async (client) => {
    const from = escapeIdentifier(await ensureTemplate(client, options.migrationsFolder));
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${from} STRATEGY FILE_COPY`);
  });
  return {
    url: urlOf(name),
    drop: () => onServer((client) => drop(client, name)),
  };
}

/** Concurrent workers take turns; one that is killed midway leaves no template under its final name. */
async function ensureTemplate(client: Client, migrationsFolder: string): Promise<string> {
  const name = `template_${await contentHash(migrationsFolder)}`;
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) {
    const draft = `${name}_draft`;
    await client.query(dropping(draft));
    await client.query(`CREATE DATABASE ${escapeIdentifier(draft)}`);
    await using(urlOf(draft), (migrating) => applyMigrations(migrating, migrationsFolder));
    await client.query(`ALTER DATABASE ${escapeIdentifier(draft)} RENAME TO ${escapeIdentifier(name)}`);
  }
  await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  return name;
}

/**
 * Leaves connections that are about to end the few seconds that PostgreSQL waits for them: one that is cut off meanwhile
 * has no listener left, and its error would fail a test that is over.
 */
async function drop(client: Client, name: string): Promise<void> {
  try {
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)}`);
  } catch (error) {
    if ((error as { code?: string }).code !== IN_USE) throw error;
    await client.query(dropping(name));
  }
}

function dropping(name: string): string {
  return `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`;
}

async function contentHash(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true });
  for (const name of entries.filter((entry) => /\.(sql|json)$/.test(entry)).toSorted()) {
    hash
      .update(`${name}\0`)
      .update(await readFile(join(folder, name)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function serverUrl(): string {
  const url = process.env[TEST_DATABASE_URL];
  if (url) return url;
  throw new Error(
    'No test server: run the tests by `npm test`, or set TEST_DATABASE_URL to a PostgreSQL server',
  );
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
  return using(serverUrl(), work);
}

async function using<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = await connect({ connectionString: url }, { patienceMs: 0, log: () => undefined });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
