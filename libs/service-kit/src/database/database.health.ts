import { Injectable } from '@nestjs/common';
import { DatabaseConnection } from './database.connection.js';

const LIMIT_MS = 2_000;

/** Tells whether the database answers: what readiness asks. */
@Injectable()
export class DatabaseHealth {
  constructor(private readonly connection: DatabaseConnection) {}

  /**
   * Asks the database for an answer, through the pool that requests use.
   *
   * @throws {Error} if it does not come within two seconds.
   */
  async ping(): Promise<void> {
    const answer = this.connection.pool.query('SELECT 1');
    answer.catch(() => undefined); // it may fail after the limit, when nobody listens any more
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => limit.reject(new Error('The database does not answer')), LIMIT_MS);
    try {
      await Promise.race([answer, limit.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
