import { overloaded } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import PQueue from 'p-queue';
import { authConfig, type AuthConfig } from '../config/auth.config.js';

/**
 * Runs key derivations a few at a time. When too many wait, the newest are turned away at once, so that a
 * flood of logins costs the service neither its memory nor its other routes.
 */
@Injectable()
export class HashQueue {
  /** How many were begun, and how many turned away, since the start. */
  begun = 0;
  readonly refused = { full: 0, late: 0 };
  private readonly queue: PQueue;

  constructor(
    @Inject(authConfig.KEY)
    private readonly config: Pick<AuthConfig, 'HASH_CONCURRENCY' | 'HASH_QUEUE' | 'HASH_DEADLINE_SECONDS'>,
  ) {
    this.queue = new PQueue({ concurrency: config.HASH_CONCURRENCY });
  }

  get waiting(): number {
    return this.queue.size;
  }

  get running(): number {
    return this.queue.pending;
  }

  /** @throws {ProblemException} 503 with `Retry-After` when the queue is full or the deadline passes */
  async run<T>(derivation: () => Promise<T>): Promise<T> {
    const { HASH_CONCURRENCY, HASH_QUEUE, HASH_DEADLINE_SECONDS } = this.config;
    if (this.waiting + this.running >= HASH_CONCURRENCY + HASH_QUEUE) {
      this.refused.full++;
      throw overloaded();
    }
    const wait = new AbortController();
    const deadline = setTimeout(() => {
      this.refused.late++;
      wait.abort(overloaded());
    }, HASH_DEADLINE_SECONDS * 1000);
    // One that runs is never given up: it would go on in its thread, and another would take its place.
    const begin = (): Promise<T> => {
      clearTimeout(deadline);
      this.begun++;
      return derivation();
    };
    return this.queue.add(begin, { signal: wait.signal });
  }
}
