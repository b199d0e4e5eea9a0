import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { drizzle } from 'drizzle-orm/node-postgres';
import { DatabaseConnection } from './database.connection.js';
import { DatabaseHealthService } from './database-health.service.js';
import { DatabaseMetrics } from './database.metrics.js';
import type { DatabaseOptions } from './database.options.js';
import { DATABASE } from './inject-database.js';

type DatabaseOptionsFactory = Pick<FactoryProvider<DatabaseOptions>, 'inject' | 'useFactory'>;

/**
 * A service's own PostgreSQL database: the server (embedded unless there is a URL), its migrations, a pool and
 * Drizzle on top, for every module of the service.
 *
 * @example
 * DatabaseModule.forRootAsync({
 *   inject: [authConfig.KEY],
 *   useFactory: (environment: ServiceEnvironment) => ({ name: 'auth', environment, migrationsFolder }),
 * })
 */
@Module({})
export class DatabaseModule {
  /** The start of the application waits until the database is there and migrated, or fails with the reason. */
  static forRootAsync({ inject = [], useFactory }: DatabaseOptionsFactory): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: DatabaseConnection,
          inject,
          useFactory: async (...from: unknown[]) => DatabaseConnection.open(await useFactory(...from)),
        },
        {
          provide: DATABASE,
          inject: [DatabaseConnection],
          useFactory: ({ pool }: DatabaseConnection) => drizzle(pool),
        },
        DatabaseHealthService,
        DatabaseMetrics,
      ],
      exports: [DATABASE, DatabaseConnection, DatabaseHealthService],
    };
  }
}
