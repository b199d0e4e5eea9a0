import { DatabaseConnection, MetricsRegistry, ProblemException } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { CountedAttempt, type Counted } from './counted-attempt.js';
import { Limit } from './limit.js';
import { POLICY_NAMES, policyOf, type LimitRule, type PolicyName } from './policies.js';
import { tooManyRequests } from './limit-state.js';
import { RateLimitsRepository } from './rate-limits.repository.js';
import type { Subject } from './subjects.service.js';

/** Bounds how often something may be tried, over all replicas. */
@Injectable()
export class RateLimiterService {
  /** How many were turned away since the start, by policy. */
  private readonly refused = Object.fromEntries(POLICY_NAMES.map((name) => [name, 0])) as Record<
    PolicyName,
    number
  >;
  private readonly limits = new Map<LimitRule, Limit>();

  constructor(
    @Inject(authConfig.KEY) private readonly config: Pick<AuthConfig, 'RATE_LIMITS'>,
    private readonly connection: DatabaseConnection,
    private readonly repository: RateLimitsRepository,
    metrics: MetricsRegistry,
  ) {
    const help = 'Requests that were turned away with 429, by the policy of their route.';
    metrics.counters('rate_limited_total', help, 'policy', () => this.refused);
  }

  /**
   * Counts an attempt before it is made. Without the database the attempt fails, as it could not be made either. One
   * that is refused is counted by none of the limits before the one that refuses it. With `RATE_LIMITS=off` nothing is counted.
   *
   * @throws {ProblemException} 429 when one of the limits is used up
   */
  async admit(name: PolicyName, { keys, device }: Subject): Promise<CountedAttempt> {
    const counted: Counted[] = [];
    if (this.config.RATE_LIMITS === 'off') return new CountedAttempt(counted);
    const { limits, ofKnownDevice } = policyOf(name);
    for (const rule of (device && ofKnownDevice) || limits) {
      const key = keys[rule.of];
      if (key === undefined) continue;
      const limit = this.limitOf(rule);
      const state = await limit.take(key);
      if (state.isExceeded) {
        this.refused[name]++;
        await new CountedAttempt(counted).cancel();
        if (rule.counts !== 'attempts') await limit.refund(key);
        throw tooManyRequests(state);
      }
      counted.push({ limit, key, state });
    }
    return new CountedAttempt(counted);
  }

  /**
   * {@link admit} for work that nobody is told about: what is over the limit is left undone.
   *
   * @returns whether the work may be done
   */
  async allows(name: PolicyName, subject: Subject): Promise<boolean> {
    return this.admit(name, subject).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ProblemException && error.getStatus() === 429) return false;
        throw error;
      },
    );
  }

  private limitOf(rule: LimitRule): Limit {
    let limit = this.limits.get(rule);
    if (!limit) {
      limit = new Limit(rule, this.connection.pool, this.repository);
      this.limits.set(rule, limit);
    }
    return limit;
  }
}
