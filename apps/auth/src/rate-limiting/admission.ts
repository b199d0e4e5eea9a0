import type { Budget } from './budget.js';
import type { BudgetRule } from './policies.js';
import type { Quota } from './quota.js';

/** One attempt as a budget has counted it. */
export interface Counted {
  readonly budget: Budget;
  readonly key: string;
  readonly quota: Quota;
}

/** An attempt that may be made: it has been counted, and how it went decides what of that stays. */
export class Admission {
  constructor(private readonly counted: readonly Counted[]) {}

  /** The budget of which least is left; undefined if none was asked. */
  get scarcest(): Quota | undefined {
    return scarcestOf(this.counted.map(({ quota }) => quota));
  }

  /** The guess was right. What belongs to its owner alone begins anew; an attacker's budget does not. */
  async succeed(): Promise<void> {
    const settled = this.counting('wrong').map(({ budget, key }) =>
      budget.rule.of === 'device' || budget.rule.of === 'session' ? budget.forget(key) : budget.refund(key),
    );
    await Promise.all(settled);
  }

  /** The guess was wrong. @returns the budget that is closed for longest by that */
  async fail(): Promise<Quota | undefined> {
    const failed = this.counting('wrong').map(({ budget, key }) => budget.fail(key));
    const [quotas] = await Promise.all([Promise.all(failed), refund(this.counting('right'))]);
    return scarcestOf(quotas.filter((quota) => quota !== undefined));
  }

  /** Nobody learned whether the guess was right: the request was not valid, or the service was overloaded. */
  withdraw(): Promise<void> {
    return refund(this.counting('wrong', 'right'));
  }

  /** The attempt is not made. */
  cancel(): Promise<void> {
    return refund(this.counted);
  }

  private counting(...what: BudgetRule['counts'][]): Counted[] {
    return this.counted.filter(({ budget }) => what.includes(budget.rule.counts));
  }
}

async function refund(counted: readonly Counted[]): Promise<void> {
  await Promise.all(counted.map(({ budget, key }) => budget.refund(key)));
}

function scarcestOf(quotas: readonly Quota[]): Quota | undefined {
  const order = (a: Quota, b: Quota) => a.remaining - b.remaining || b.resetMs - a.resetMs;
  return quotas.toSorted(order)[0];
}
