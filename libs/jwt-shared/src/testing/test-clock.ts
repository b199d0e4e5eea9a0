import type { Clock } from '../clock.js';

/** A clock that a test moves. */
export class TestClock implements Clock {
  #offset = 0;

  /** @param source what it starts from: the present second, standing still, unless told */
  constructor(private readonly source: Clock = standingStill()) {}

  /** One that runs with the machine's clock, for services in processes of their own. */
  static running(): TestClock {
    return new TestClock({ now: Date.now });
  }

  now(): number {
    return this.source.now() + this.#offset;
  }

  /** @param seconds may be negative */
  advance(seconds: number): void {
    this.#offset += seconds * 1000;
  }
}

function standingStill(): Clock {
  const start = Math.floor(Date.now() / 1000) * 1000;
  return { now: () => start };
}
