import { DatabaseConnection, type ProblemException } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { getTableName } from 'drizzle-orm';
import { createHmac, type KeyObject } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { authConfig, type AuthConfig } from '../../config/auth.config.js';
import { derivedKey } from '../../config/base64-key.js';
import { networkOf } from '../../audit/network.js';
import { tooManyRequests } from '../../rate-limiting/limit-state.js';
import { rateLimits } from '../../rate-limiting/rate-limits.table.js';

const SECONDS = 60;
/** Failures in a minute, after which the others of it are neither counted nor recorded. */
const BY_CLIENT_AND_NETWORK = {
  name: 'client-network',
  of: 'accountNetwork',
  points: 30,
  seconds: SECONDS,
  counts: 'wrong',
} as const;
const BY_NETWORK = {
  name: 'client-failures',
  of: 'network',
  points: 300,
  seconds: SECONDS,
  counts: 'wrong',
} as const;

/** More is forgotten: a network that was refused is then counted in the database again. */
const MAX_BLOCKED = 10_000;

/**
 * Bounds what failed authentications of clients write; there is nothing to guess in 256 random bits. It is asked about
 * failures alone: a good credential is let in, however often others behind the same network, or by the same name, have
 * failed, so that none of them can lock a service out.
 */
@Injectable()
export class AuthenticationThrottleService {
  private readonly key: KeyObject;
  private readonly isOff: boolean;
  private readonly limits;
  /** When a key may be tried again, in milliseconds that never jump. */
  private readonly blocked = new Map<string, number>();

  constructor(@Inject(authConfig.KEY) config: AuthConfig, { pool }: DatabaseConnection) {
    this.isOff = config.RATE_LIMITS === 'off';
    this.key = derivedKey(config.REFRESH_TOKEN_SECRET, 'client authentication');
    this.limits = [BY_CLIENT_AND_NETWORK, BY_NETWORK].map((rule) => ({
      rule,
      limiter: new RateLimiterPostgres({
        storeClient: pool,
        storeType: 'pool',
        tableName: getTableName(rateLimits),
        tableCreated: true,
        clearExpiredByTimeout: false,
        keyPrefix: rule.name,
        points: rule.points,
        duration: rule.seconds,
      }),
    }));
  }

  /** What a failure is answered, from memory, after too many of them: 429. @returns nothing before */
  refusalOf(clientId: string, ip: string): ProblemException | undefined {
    if (this.blocked.size === 0) return undefined;
    for (const { rule, key } of this.countersOf(clientId, ip)) {
      const resetMs = (this.blocked.get(key) ?? 0) - performance.now();
      if (resetMs > 0) return tooManyRequests({ rule, remaining: 0, resetMs });
      this.blocked.delete(key);
    }
    return undefined;
  }

  /** Counts a failure, at all replicas together. */
  async fail(clientId: string, ip: string): Promise<void> {
    if (this.isOff) return;
    const counted = this.countersOf(clientId, ip).map(async ({ limiter, rule, key }) => {
      const { consumedPoints, msBeforeNext } = await limiter.consume(key).catch(exceeded);
      if (consumedPoints >= rule.points) this.block(key, msBeforeNext);
    });
    await Promise.all(counted);
  }

  private block(key: string, ms: number): void {
    if (this.blocked.size >= MAX_BLOCKED) this.blocked.clear();
    this.blocked.set(key, performance.now() + ms);
  }

  private countersOf(clientId: string, ip: string) {
    const network = networkOf(ip);
    const parts = [[clientId, network], [network]];
    return this.limits.map((limit, index) => ({
      ...limit,
      key: createHmac('sha256', this.key).update(JSON.stringify(parts[index])).digest('base64url'),
    }));
  }
}

/** The library throws its result when there is no point left. */
function exceeded(error: unknown): RateLimiterRes {
  if (error instanceof RateLimiterRes) return error;
  throw error;
}
