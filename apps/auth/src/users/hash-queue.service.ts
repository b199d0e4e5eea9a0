import { MetricsRegistry, overloaded } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { FairQueue, type Turn } from './fair-queue.js';

interface Waiting {
  begin(): void;
  refuse(): void;
}

/**
 * Runs key derivations a few at a time, in turns between networks and accounts. When too many wait, those of the
 * network that has most of them are turned away at once, so that a flood of logins costs the service neither its memory
 * nor its other routes, and others little of their time.
 */
@Injectable()
export class HashQueueService {
  /** How many were begun, and how many turned away, since the start. */
  private begun = 0;
  readonly refused = { full: 0, late: 0 };
  private readonly queue: FairQueue<Waiting>;
  private active = 0;

  constructor(
    @Inject(authConfig.KEY)
    private readonly config: Pick<AuthConfig, 'HASH_CONCURRENCY' | 'HASH_QUEUE' | 'HASH_DEADLINE_SECONDS'>,
    metrics: MetricsRegistry,
  ) {
    this.queue = new FairQueue(config.HASH_QUEUE);
    const begun = 'Key derivations, to store a password or to check one.';
    metrics.counter('password_hashes_total', begun, () => this.begun);
    metrics.gauge('password_hashes_waiting', 'Key derivations that wait.', () => this.waiting);
    metrics.gauge('password_hashes_running', 'Key derivations under way.', () => this.running);
    const refused = 'Key derivations that were turned away: the queue was full, or it took too long.';
    metrics.counters('password_hashes_refused_total', refused, 'reason', () => this.refused);
  }

  get waiting(): number {
    return this.queue.size;
  }

  get running(): number {
    return this.active;
  }

  /** @throws {ProblemException} 503 with `Retry-After` when the queue is full or the deadline passes */
  async run<T>(derivation: () => Promise<T>, turn: Turn): Promise<T> {
    if (this.active < this.config.HASH_CONCURRENCY) this.active++;
    else await this.wait(turn);
    try {
      this.begun++;
      return await derivation();
    } finally {
      const next = this.queue.next();
      if (next) next.begin();
      else this.active--;
    }
  }

  /** Waits for a place among those that run, which its predecessor hands on. */
  private async wait(turn: Turn): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { begin: resolve, refuse: () => reject(overloaded()) };
    // One that runs is never given up: it would go on in its thread, and another would take its place.
    const deadline = setTimeout(() => {
      if (!this.queue.remove(waiting, turn)) return;
      this.refused.late++;
      waiting.refuse();
    }, this.config.HASH_DEADLINE_SECONDS * 1000);
    const unlucky = this.queue.add(waiting, turn);
    if (unlucky) {
      this.refused.full++;
      unlucky.refuse();
    }
    await promise.finally(() => clearTimeout(deadline));
  }
}
