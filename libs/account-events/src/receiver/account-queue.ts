import type { AccountEvent } from '../account-event.js';

/** The events of one account that wait, in order. The first is being handled, or waits for its next attempt. */
export class AccountQueue {
  readonly events: AccountEvent[] = [];
  /** How often the first one has failed here. */
  failures = 0;
  /** When the first one may be tried, by `performance.now()`. */
  notBefore = 0;
  isRunning = false;

  isDue(now: number): boolean {
    return !this.isRunning && this.notBefore <= now;
  }

  /** The first one is done with. */
  advance(): void {
    this.events.shift();
    this.failures = 0;
    this.notBefore = 0;
  }
}
