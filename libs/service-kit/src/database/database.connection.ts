import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { EmbeddedPostgres } from '@signet/dev-postgres';
import { Client, type Pool } from 'pg';
import { BoundedPool } from './bounded-pool.js';
import { connect } from './connect.js';
import type { DatabaseOptions } from './database.options.js';
import { grantRowsTo } from './grants.js';
import { applyMigrations } from './migrations.js';

const START_PATIENCE_MS = 30_000;
/** What an answer may take over the network. */
const SILENCE_MS = 1_000;
/** Between two lines about connections that were lost. */
const COMPLAINT_PAUSE_MS = 5_000;

/** A service's connections to its database, and the embedded server when it has one. */
export class DatabaseConnection implements OnApplicationShutdown {
  private constructor(
    /** For what needs a connection of its own, such as LISTEN. */
    readonly url: string,
    readonly pool: Pool,
    private readonly stopServer: () => Promise<void>,
  ) {}

  /**
   * Finds or starts the server, applies the migrations and opens the pool.
   *
   * @throws {Error} if the server does not start or cannot be reached, or a migration fails; nothing is left
   * running then.
   */
  static async open(options: DatabaseOptions): Promise<DatabaseConnection> {
    const logger = new Logger('Database');
    const log = (message: string): void => logger.log(message);
    const { url, stop } = await findServer(options, log);
    try {
      await prepare(url, options, log);
    } catch (error) {
      await stop();
      throw error;
    }
    return new DatabaseConnection(url, createPool(url, options, logger), stop);
  }

  /** Runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  /** Ends the connections, then the embedded server. */
  async close(): Promise<void> {
    if (!this.pool.ended) await this.pool.end();
    await this.stopServer();
  }
}

async function findServer(
  options: DatabaseOptions,
  log: (message: string) => void,
): Promise<EmbeddedPostgres> {
  const { name, sharesServer = false } = options;
  const { DATABASE_URL: url, DATA_DIR: dataDir } = options.environment;
  const stop = (): Promise<void> => Promise.resolve();
  if (url !== undefined) return { url, stop };
  const { findEmbeddedPostgres, startEmbeddedPostgres } = await embedded();
  const shared = sharesServer ? await findEmbeddedPostgres(dataDir, name) : undefined;
  if (shared !== undefined) return { url: shared, stop };
  return startEmbeddedPostgres({ dataDir, database: name, log });
}

/** @throws {Error} where there is none: no image has it */
async function embedded() {
  try {
    return await import(/* webpackChunkName: 'dev-postgres' */ '@signet/dev-postgres');
  } catch (cause) {
    throw new Error('There is no embedded PostgreSQL here: set DATABASE_URL to a PostgreSQL server', {
      cause,
    });
  }
}

async function prepare(url: string, options: DatabaseOptions, log: (message: string) => void): Promise<void> {
  const { name, migrationsFolder } = options;
  const { DATABASE_MIGRATION_URL: migrationUrl = url } = options.environment;
  const client = await connect(
    { connectionString: migrationUrl, application_name: `${name} migrations` },
    { patienceMs: START_PATIENCE_MS, log },
  );
  try {
    const count = await applyMigrations(client, migrationsFolder);
    if (count > 0)
      log(`Applied ${count} migration${count === 1 ? '' : 's'} to database "${client.database}"`);
    const service = new Client(url);
    if (service.user !== client.user) await grantRowsTo(client, service);
  } finally {
    await client.end();
  }
}

function createPool(url: string, options: DatabaseOptions, logger: Logger): Pool {
  const { environment } = options;
  const { DATABASE_STATEMENT_TIMEOUT_MS: statementTimeoutMs } = environment;
  const config = {
    connectionString: url,
    application_name: options.name,
    max: environment.DATABASE_POOL_SIZE,
    connectionTimeoutMillis: environment.DATABASE_ACQUIRE_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    // For a server that has gone silent, and so cannot keep to the time itself.
    query_timeout: statementTimeoutMs + SILENCE_MS,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    keepAlive: true,
  };
  const pool = new BoundedPool(config, environment.DATABASE_POOL_QUEUE);
  // The server may cut a connection at any time; without a listener that would end the process. The pool
  // listens while the connection is idle, nobody does while a transaction has it.
  let toldAt = -Infinity;
  pool.on('error', (error) => {
    // One that is saying goodbye may meet a server that is stopping as well; and a server takes all with it.
    if (pool.ending || Date.now() - toldAt < COMPLAINT_PAUSE_MS) return;
    toldAt = Date.now();
    logger.warn(`Idle database connections were lost: ${error.message}`);
  });
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
