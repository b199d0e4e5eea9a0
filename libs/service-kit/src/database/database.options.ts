import type { ServiceEnvironment } from '../config/index.js';

/** What a service says about its database. */
export interface DatabaseOptions {
  /** Names the database in the embedded server, and the service in the list of connections. */
  readonly name: string;
  /** `postgres://…`; undefined: an embedded server under `dataDir`. */
  readonly url: string | undefined;
  /** For the migrations alone: the owner of the database, where the service itself has a lesser role. */
  readonly migrationUrl?: string | undefined;
  readonly dataDir: string;
  /** Whether an embedded server that another process runs is used too, as by a command beside the service. */
  readonly sharesServer?: boolean;
  /** Folder of the SQL files that `drizzle-kit generate` has made. */
  readonly migrationsFolder: string;
  /** Connections of this process at most; 10 unless told. */
  readonly poolSize?: number;
  /** Requests that may wait for a connection; 200 unless told. What comes then fails at once. */
  readonly poolQueue?: number;
  /** How long each of them waits, and how long a new connection may take; 3 seconds unless told. */
  readonly acquireTimeoutMs?: number;
  /** How long a statement may take; 10 seconds unless told. */
  readonly statementTimeoutMs?: number;
}

/** What a service's environment says about its database. */
export function databaseSettings(
  environment: ServiceEnvironment,
): Omit<DatabaseOptions, 'name' | 'migrationsFolder'> {
  return {
    url: environment.DATABASE_URL,
    migrationUrl: environment.DATABASE_MIGRATION_URL,
    dataDir: environment.DATA_DIR,
    poolSize: environment.DATABASE_POOL_SIZE,
    poolQueue: environment.DATABASE_POOL_QUEUE,
    acquireTimeoutMs: environment.DATABASE_ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: environment.DATABASE_STATEMENT_TIMEOUT_MS,
  };
}
