export { bytea, THIS_TRANSACTION, writtenBy, xid8 } from './columns.js';
export { DatabaseConnection } from './database.connection.js';
export { DatabaseHealthService } from './database-health.service.js';
export { DatabaseModule } from './database.module.js';
export type { DatabaseOptions } from './database.options.js';
export { DATABASE, InjectDatabase, type Database, type Transaction } from './inject-database.js';
export { readFromHorizon } from './horizon.js';
