/** Calls that share a signal: with more than ten listeners Node warns, and each of them makes the next one slower to add. */
const MAX_SHARED = 8;
/** The part of the limit by which a call may take longer. */
const SLACK = 0.01;

/**
 * Gives calls a signal that ends them when their time is over. Calls that begin at almost the same time share one: a
 * signal, a timer and what collects them cost a noticeable part of a call.
 */
export class TimeLimit {
  #shared = new AbortController().signal;
  #left = 0;
  #sharedUntil = -Infinity;

  /** @param ms that a call may take */
  constructor(private readonly ms: number) {}

  /** Aborts, with a `TimeoutError`, when a call that begins now has had its time, or a hundredth of it later. */
  begin(): AbortSignal {
    const now = performance.now();
    if (this.#left === 0 || now > this.#sharedUntil) this.#renew(now);
    this.#left--;
    return this.#shared;
  }

  #renew(now: number): void {
    const slack = this.ms * SLACK;
    this.#shared = AbortSignal.timeout(Math.ceil(this.ms + slack));
    this.#sharedUntil = now + slack;
    this.#left = MAX_SHARED;
  }
}
