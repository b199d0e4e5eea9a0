import { setTimeout as delay } from 'node:timers/promises';

/** How much of the longest time is forgotten with each further one, so that one that was long by chance fades. */
const FADE = 0.98;
/** A machine that is overloaded must not be taken for a hash that is dear. */
const LONGEST_MS = 3_000;

/**
 * The time up to which failures are padded: that of the dearest check there is, or of the longest of late, as a machine
 * that is busy takes longer for all. Times are milliseconds.
 */
export class Padding {
  private dearest = 0;
  private longest = 0;

  /** Zero: there is no padding. */
  get ms(): number {
    return this.dearest === 0 ? 0 : Math.min(Math.max(this.dearest, this.longest), LONGEST_MS);
  }

  /** @param dearest zero for no padding */
  padTo(dearest: number): void {
    this.dearest = dearest;
  }

  observe(spent: number): void {
    this.longest = Math.max(spent, this.longest * FADE);
  }

  async after(spent: number): Promise<void> {
    const left = this.ms - spent;
    if (left > 0) await delay(left);
  }
}
