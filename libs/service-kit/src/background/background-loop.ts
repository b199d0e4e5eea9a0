import { setTimeout as delay } from 'node:timers/promises';

/** What a service does again and again beside its requests. */
export interface BackgroundWork {
  /** In metrics and in the log: `mail`. One of a fixed, small set. */
  readonly name: string;
  /** Between two rounds, and after the first failure; each pause is between half of it and half as much again. */
  readonly pauseMs: number;
  /** What the pause grows to, twice as long after each further failure; ten times `pauseMs` unless told. */
  readonly longestPauseMs?: number;
  /** Whether the first round has to wait for a pause as well: not unless told. */
  readonly pausesFirst?: boolean;
  /**
   * One round.
   *
   * @param signal aborts when the service stops
   * @returns `true` when there is more to do at once
   * @throws whatever has failed: it is told by `report`, and the next round comes after a pause
   */
  readonly round: (signal: AbortSignal) => Promise<boolean | void>;
  /** Tells operators of a failure, which is logged unless told; never called while the service stops. */
  readonly report?: (error: unknown) => void;
}

/** Does {@link BackgroundWork} until it is stopped. No failure of a round ends it. */
export class BackgroundLoop {
  readonly name: string;
  /** Rounds by how they ended. */
  readonly rounds = { done: 0, failed: 0 };
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private failures = 0;

  constructor(private readonly work: BackgroundWork) {
    this.name = work.name;
    this.running = this.run();
  }

  /**
   * Begins no further round, and waits for the one under way.
   *
   * @param patienceMs how long at most
   */
  async stop(patienceMs = Infinity): Promise<void> {
    this.stopping.abort();
    const patience = Number.isFinite(patienceMs) ? [delay(patienceMs, undefined, { ref: false })] : [];
    await Promise.race([this.running, ...patience]);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    if (this.work.pausesFirst) await this.pause();
    while (!signal.aborted) {
      const hasMore = await this.round(signal);
      if (!hasMore) await this.pause();
    }
  }

  private async round(signal: AbortSignal): Promise<boolean> {
    const began = performance.now();
    try {
      const hasMore = await this.work.round(signal);
      this.failures = 0;
      this.rounds.done++;
      return hasMore === true;
    } catch (error) {
      if (signal.aborted) return false;
      // What has worked for long fails for the first time.
      if (performance.now() - began > this.longestPauseMs) this.failures = 0;
      this.failures++;
      this.rounds.failed++;
      this.work.report?.(error);
      return false;
    }
  }

  private async pause(): Promise<void> {
    const doublings = Math.max(0, this.failures - 1);
    const pauseMs = Math.min(this.work.pauseMs * 2 ** doublings, this.longestPauseMs);
    const { signal } = this.stopping;
    await delay(pauseMs * (0.5 + Math.random()), undefined, { signal, ref: false }).catch(() => undefined);
  }

  private get longestPauseMs(): number {
    return this.work.longestPauseMs ?? this.work.pauseMs * 10;
  }
}
