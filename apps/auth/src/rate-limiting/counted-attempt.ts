import type { Limit } from './limit.js';
import type { LimitRule } from './policies.js';
import type { LimitState } from './limit-state.js';

/** One attempt as a limit has counted it. */
export interface Counted {
  readonly limit: Limit;
  readonly key: string;
  readonly state: LimitState;
}

/** An attempt that may be made: it has been counted, and how it went decides what of that stays. */
export class CountedAttempt {
  constructor(private readonly counted: readonly Counted[]) {}

  /** The limit of which least is left; undefined if none was asked. */
  get scarcest(): LimitState | undefined {
    return scarcestOf(this.counted.map(({ state }) => state));
  }

  /** The guess was right. What belongs to its owner alone begins anew; an attacker's limit does not. */
  async succeed(): Promise<void> {
    const settled = this.counting('wrong').map(({ limit, key }) =>
      limit.rule.of === 'device' || limit.rule.of === 'session' ? limit.forget(key) : limit.refund(key),
    );
    await Promise.all(settled);
  }

  /** The guess was wrong. @returns the limit that is closed for longest by that */
  async fail(): Promise<LimitState | undefined> {
    const failed = this.counting('wrong').map(({ limit, key }) => limit.fail(key));
    const [states] = await Promise.all([Promise.all(failed), refund(this.counting('right'))]);
    return scarcestOf(states.filter((state) => state !== undefined));
  }

  /** Nobody learned whether the guess was right: the request was not valid, or the service was overloaded. */
  withdraw(): Promise<void> {
    return refund(this.counting('wrong', 'right'));
  }

  /** The attempt is not made. */
  cancel(): Promise<void> {
    return refund(this.counted);
  }

  private counting(...what: LimitRule['counts'][]): Counted[] {
    return this.counted.filter(({ limit }) => what.includes(limit.rule.counts));
  }
}

async function refund(counted: readonly Counted[]): Promise<void> {
  await Promise.all(counted.map(({ limit, key }) => limit.refund(key)));
}

function scarcestOf(states: readonly LimitState[]): LimitState | undefined {
  const order = (a: LimitState, b: LimitState) => a.remaining - b.remaining || b.resetMs - a.resetMs;
  return states.toSorted(order)[0];
}
