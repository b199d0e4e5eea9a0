import type { ServiceEnvironment } from '../config/index.js';

/** What a service says about its database. */
export interface DatabaseOptions {
  /** Names the database in the embedded server, and the service in the list of connections. */
  readonly name: string;
  /** Where the database is (its `DATABASE_*` variables and `DATA_DIR`), and how it is used. */
  readonly environment: ServiceEnvironment;
  /** Whether an embedded server that another process runs is used too, as by a command beside the service. */
  readonly sharesServer?: boolean;
  /** Folder of the SQL files that `drizzle-kit generate` has made. */
  readonly migrationsFolder: string;
}
