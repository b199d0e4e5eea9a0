export { DatabaseConnection } from './database.connection.js';
export { DatabaseHealth } from './database.health.js';
export { DatabaseModule } from './database.module.js';
export { databaseSettings } from './database.settings.js';
export type { DatabaseAsyncOptions, DatabaseOptions } from './database.options.js';
export { startEmbeddedPostgres } from './embedded/embedded-postgres.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded/embedded-postgres.js';
export { DATABASE, InjectDatabase } from './inject-database.js';
export type { Database } from './inject-database.js';
