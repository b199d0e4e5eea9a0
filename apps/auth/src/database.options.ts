import { databaseSettings, type DatabaseOptions } from '@signet/service-kit';
import { join } from 'node:path';
import type { AuthConfig } from './config/auth.config.js';

/** The database of auth. This file is where its folder of migrations is, in the sources as in the built output. */
export function databaseOptions(config: AuthConfig): DatabaseOptions {
  return {
    name: 'auth',
    ...databaseSettings(config),
    migrationsFolder: join(import.meta.dirname, 'database/migrations'),
  };
}
