import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { getTableName } from 'drizzle-orm';
import type { LimitRule } from './policies.js';
import type { LimitState } from './limit-state.js';
import type { RateLimitsRepository } from './rate-limits.repository.js';
import { rateLimits } from './rate-limits.table.js';

const DAY_SECONDS = 86_400;

/** One rule, counted for every key by all replicas together. */
export class Limit {
  private readonly attempts: RateLimiterPostgres;
  private readonly failures: RateLimiterPostgres;

  constructor(
    readonly rule: LimitRule,
    pool: Pool,
    private readonly repository: RateLimitsRepository,
  ) {
    const table = {
      storeClient: pool,
      storeType: 'pool',
      tableName: getTableName(rateLimits),
      tableCreated: true,
      clearExpiredByTimeout: false,
    };
    const { name, points, seconds, counts } = rule;
    this.attempts = new RateLimiterPostgres({
      ...table,
      keyPrefix: name,
      points,
      duration: seconds,
      // A flood is refused from memory. Not sooner, and not where something is given back: the count may fall again.
      ...(counts === 'attempts' && { inMemoryBlockOnConsumed: 2 * points + 1 }),
    });
    this.failures = new RateLimiterPostgres({
      ...table,
      keyPrefix: `${name}-wrong`,
      points,
      duration: DAY_SECONDS,
    });
  }

  /** Counts one; atomic, so that requests which race never get more than there is. */
  async take(key: string): Promise<LimitState & { readonly isExceeded: boolean }> {
    const [result, isExceeded] = await this.attempts.consume(key).then(
      (taken) => [taken, false] as const,
      (error: unknown) => {
        if (error instanceof RateLimiterRes) return [error, true] as const;
        throw error;
      },
    );
    return this.state(result.remainingPoints, result.msBeforeNext, isExceeded);
  }

  /** Takes one back that was not a wrong guess. */
  async refund(key: string): Promise<void> {
    await this.repository.refund([this.attempts.getKey(key)]);
  }

  /** Notes a wrong guess: the pauses grow. @returns what is left if the limit is closed now */
  async fail(key: string): Promise<LimitState | undefined> {
    const { points, seconds, longestPause } = this.rule;
    if (longestPause === undefined) return undefined;
    const { consumedPoints: wrong } = await this.failures.penalty(key);
    if (wrong < points) return undefined;
    const pauseMs = Math.min(seconds * 2 ** (wrong - points), longestPause) * 1000;
    await this.repository.close(this.attempts.getKey(key), Date.now() + pauseMs);
    return this.state(0, pauseMs, true);
  }

  /** Begins anew. */
  async forget(key: string): Promise<void> {
    await this.repository.forget([this.attempts.getKey(key), this.failures.getKey(key)]);
  }

  private state(remaining: number, resetMs: number, isExceeded: boolean) {
    return { rule: this.rule, remaining, resetMs, isExceeded };
  }
}
