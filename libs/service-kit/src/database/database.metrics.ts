import { Injectable, Optional } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/index.js';
import { DatabaseConnection } from './database.connection.js';

/** Shows operators whether requests wait for a connection. */
@Injectable()
export class DatabaseMetrics {
  /** @param metrics absent in a program that serves nothing, such as a command */
  constructor({ pool }: DatabaseConnection, @Optional() metrics?: MetricsRegistry) {
    metrics?.gauge(
      'database_pool_connections',
      'Connections of the pool, in use or idle.',
      () => pool.totalCount,
    );
    metrics?.gauge('database_pool_idle', 'Connections that nobody uses.', () => pool.idleCount);
    metrics?.gauge(
      'database_pool_waiting',
      'Statements and transactions that wait for a connection.',
      () => pool.waitingCount,
    );
    metrics?.gauge('database_pool_size', 'Connections at most.', () => pool.options.max);
  }
}
