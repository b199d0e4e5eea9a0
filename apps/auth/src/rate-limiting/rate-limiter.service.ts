import { DatabaseConnection, ProblemException } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { Admission, type Counted } from './admission.js';
import { Budget } from './budget.js';
import { POLICY_NAMES, policyOf, type BudgetRule, type PolicyName } from './policies.js';
import { tooManyRequests } from './quota.js';
import { RateLimitsRepository } from './rate-limits.repository.js';
import type { Subject } from './subject.js';

/** Bounds how often something may be tried, over all replicas. */
@Injectable()
export class RateLimiter {
  /** How many were turned away since the start, by policy. */
  readonly refused = Object.fromEntries(POLICY_NAMES.map((name) => [name, 0])) as Record<PolicyName, number>;
  private readonly budgets = new Map<BudgetRule, Budget>();

  constructor(
    @Inject(authConfig.KEY) private readonly config: Pick<AuthConfig, 'RATE_LIMITS'>,
    private readonly connection: DatabaseConnection,
    private readonly repository: RateLimitsRepository,
  ) {}

  /**
   * Counts an attempt before it is made. Without the database the attempt fails, as it could not be made either. One
   * that is refused is counted by none of the budgets before the one that refuses it.
   *
   * @throws {ProblemException} 429 when one of the budgets is used up
   */
  async admit(name: PolicyName, { keys, device }: Subject): Promise<Admission> {
    const { budgets, ofKnownDevice } = policyOf(name);
    const counted: Counted[] = [];
    for (const rule of (device && ofKnownDevice) || budgets) {
      const key = keys[rule.of];
      if (key === undefined) continue;
      const budget = this.budgetOf(rule);
      const quota = await budget.take(key);
      if (quota.isExceeded) {
        this.refused[name]++;
        await new Admission(counted).cancel();
        if (rule.counts !== 'attempts') await budget.refund(key);
        throw tooManyRequests(quota);
      }
      counted.push({ budget, key, quota });
    }
    return new Admission(counted);
  }

  /**
   * {@link admit} for work that nobody is told about: what is over the budget is left undone.
   *
   * @returns whether the work may be done
   */
  async allows(name: PolicyName, subject: Subject): Promise<boolean> {
    if (this.config.RATE_LIMITS === 'off') return true;
    return this.admit(name, subject).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ProblemException && error.getStatus() === 429) return false;
        throw error;
      },
    );
  }

  private budgetOf(rule: BudgetRule): Budget {
    let budget = this.budgets.get(rule);
    if (!budget) {
      budget = new Budget(rule, this.connection.pool, this.repository);
      this.budgets.set(rule, budget);
    }
    return budget;
  }
}
