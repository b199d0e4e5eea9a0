import { DatabaseConnection } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
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
    private readonly connection: DatabaseConnection,
    private readonly repository: RateLimitsRepository,
  ) {}

  /**
   * Counts an attempt before it is made. Without the database the attempt fails, as it could not be made either.
   *
   * @throws {ProblemException} 429 when one of the budgets is used up
   */
  async admit(name: PolicyName, { keys, device }: Subject): Promise<Admission> {
    const { budgets, ofKnownDevice, isGuess } = policyOf(name);
    const counted: Counted[] = [];
    for (const rule of (device && ofKnownDevice) || budgets) {
      const key = keys[rule.of];
      if (key === undefined) continue;
      const budget = this.budgetOf(rule);
      const quota = await budget.take(key);
      if (quota.isExceeded) {
        this.refused[name]++;
        throw tooManyRequests(quota);
      }
      counted.push({ budget, key, quota });
    }
    return new Admission(counted, isGuess ?? false);
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
