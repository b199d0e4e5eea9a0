import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { DatabaseConnection } from './database.connection.js';

/** For an answer, and for a connection to come about. */
const LIMIT_MS = 2_000;
/** How long an answer is good for everybody who asks. */
const KEPT_MS = 1_000;

/**
 * Tells whether the database answers: what readiness asks. However many ask, one statement a second is sent, over a
 * connection of its own, so that no request has to wait behind it, nor it behind the requests.
 */
@Injectable()
export class DatabaseHealthService implements OnApplicationShutdown {
  private readonly pool: Pool;
  private ping: Promise<boolean> | undefined;

  constructor({ url, pool }: DatabaseConnection) {
    this.pool = new Pool({
      connectionString: url,
      application_name: `${pool.options.application_name ?? ''} health`,
      max: 1,
      connectionTimeoutMillis: LIMIT_MS,
      query_timeout: LIMIT_MS,
      allowExitOnIdle: true,
    });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Whether the database has answered within two seconds, a second ago at most. */
  isUp(): Promise<boolean> {
    this.ping ??= this.ask();
    return this.ping;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  private async ask(): Promise<boolean> {
    const isUp = await this.pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
    setTimeout(() => (this.ping = undefined), KEPT_MS).unref();
    return isUp;
  }
}
