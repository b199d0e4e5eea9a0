import type { Clock } from '../clock.js';

/** A clock that moves only when told; it starts at the present second. */
export class TestClock implements Clock {
  #now = Math.floor(Date.now() / 1000) * 1000;

  now(): number {
    return this.#now;
  }

  /** The time in whole seconds since the epoch, as tokens tell it. */
  get seconds(): number {
    return Math.floor(this.#now / 1000);
  }

  /** @param seconds may be negative */
  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}
