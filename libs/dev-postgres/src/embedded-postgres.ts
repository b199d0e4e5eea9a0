import { access, constants, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { chooseAccount } from './account.js';
import { locateBinaries } from './binaries.js';
import { databaseUrl } from './cluster.js';
import { openCluster } from './create-cluster.js';
import { lockFile } from './folder-lock.js';
import type { Settings } from './server-arguments.js';
import { startServer } from './server.js';

/** Long enough for a service that is being restarted, under watch say, to end. */
const OWNER_WAIT_MS = 10_000;

/** The file in `dataDir` whose lock makes a process the folder's owner. */
export const LOCK_FILE = 'postgres.lock';

/** Where the server's files are, and which database the caller wants. */
export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly database: string;
  readonly log: (message: string) => void;
  /** PostgreSQL parameters beyond those of a small development server. */
  readonly settings?: Settings;
}

/** A PostgreSQL server that belongs to this process. */
export interface EmbeddedPostgres {
  /** Connection URL of the database, with its password. */
  readonly url: string;
  /** Ends the server, after a checkpoint, and gives the folder free. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a real PostgreSQL 18 under `<dataDir>/postgres`, for development and tests, and makes it this
 * process's own: it listens on the loopback interface only, with a random password, and ends with the process.
 *
 * A folder has one owner at a time, kept by a lock of the operating system from before the first look at the
 * files until after the server's end. So two starts never meet, and after a `kill -9` the next start knows
 * that whatever server still runs there has no owner.
 *
 * @example
 * const postgres = await startEmbeddedPostgres({ dataDir: '.data/auth', database: 'auth', log: console.log });
 * const client = new Client(postgres.url);
 *
 * @throws {Error} if another process owns the folder, the package is not installed, or PostgreSQL does not
 * start; the message says what to do, and where the log is.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { database, log, settings = {} } = options;
  const dataDir = await folderAt(options.dataDir);
  const release = await own(dataDir, log);
  try {
    const binaries = locateBinaries();
    const account = await chooseAccount(dataDir, binaries);
    const cluster = await openCluster(dataDir, binaries, account);
    const server = await startServer({ binaries, cluster, account, settings, log });
    const stop = async (): Promise<void> => {
      await server.stop();
      release();
    };
    try {
      await createDatabase(await databaseUrl(cluster, server.port, 'postgres'), database);
      return { url: await databaseUrl(cluster, server.port, database), stop };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    release();
    throw error;
  }
}

async function own(dataDir: string, log: (message: string) => void): Promise<() => void> {
  const release = await lockFile(join(dataDir, LOCK_FILE), {
    waitMs: OWNER_WAIT_MS,
    onWait: () => log(`Waiting for the process that uses ${dataDir} to end`),
  });
  if (release) return release;
  throw new Error(
    `Another running process owns the embedded database in ${dataDir}. ` +
      'Stop it, give this one a DATA_DIR of its own, or let both share a server by DATABASE_URL.',
  );
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new Client(adminUrl);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** Makes the folder unless it is there. @throws {Error} if it cannot be written to */
async function folderAt(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
    return await realpath(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(
      `DATA_DIR ${path} cannot be written to (${code}): set DATA_DIR to a folder that can be, or DATABASE_URL to a server`,
      { cause },
    );
  }
}
