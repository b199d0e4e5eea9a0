import type { ServiceEnvironment } from '../config/index.js';
import type { DatabaseOptions } from './database.options.js';

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
