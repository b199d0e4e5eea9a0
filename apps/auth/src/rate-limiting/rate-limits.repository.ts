import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { and, gt, inArray, lt, sql } from 'drizzle-orm';
import { removeBatch } from '../database/statements.js';
import { rateLimits } from './rate-limits.table.js';

/** So many points that no refund makes a limit good again before its time. */
const EXHAUSTED = 1_000_000;

/** What the library cannot do to a count in one statement. Times are milliseconds since the epoch. */
@Injectable()
export class RateLimitsRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /** Gives back one point of each. */
  async refund(keys: readonly string[]): Promise<void> {
    const counted = and(inArray(rateLimits.key, [...keys]), gt(rateLimits.expire, Date.now()));
    await this.db
      .update(rateLimits)
      .set({ points: sql`greatest(${rateLimits.points} - 1, 0)` })
      .where(counted);
  }

  /** Closes a limit until a time; requests that race never make it earlier. */
  async close(key: string, until: number): Promise<void> {
    await this.db
      .insert(rateLimits)
      .values({ key, points: EXHAUSTED, expire: until })
      .onConflictDoUpdate({
        target: rateLimits.key,
        set: { points: EXHAUSTED, expire: sql`greatest(${rateLimits.expire}, excluded.expire)` },
      });
  }

  async forget(keys: readonly string[]): Promise<void> {
    await this.db.delete(rateLimits).where(inArray(rateLimits.key, [...keys]));
  }

  removeExpired(limit: number): Promise<number> {
    return removeBatch(this.db, rateLimits, rateLimits.key, lt(rateLimits.expire, Date.now()), limit);
  }
}
