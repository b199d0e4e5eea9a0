import { MetricsRegistry, overloaded } from '@app/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import PQueue from 'p-queue';
import { Counter } from 'prom-client';
import { authConfig, type AuthConfig } from '../config/auth.config.js';

/**
 * Runs key derivations a few at a time. When too many wait, the newest are turned away at once, so that a
 * flood of logins costs the service neither its memory nor its other routes.
 */
@Injectable()
export class HashQueue {
  private readonly queue: PQueue;
  private readonly derivations: Counter;

  constructor(
    @Inject(authConfig.KEY)
    private readonly config: Pick<AuthConfig, 'HASH_CONCURRENCY' | 'HASH_QUEUE' | 'HASH_DEADLINE_SECONDS'>,
    registry: MetricsRegistry,
  ) {
    this.queue = new PQueue({ concurrency: config.HASH_CONCURRENCY });
    this.derivations = new Counter({
      name: 'password_hashes_total',
      help: 'Key derivations, to store a password or to check one.',
      registers: [registry],
    });
  }

  /** @throws {ProblemException} 503 with `Retry-After` when the queue is full or the deadline passes */
  async run<T>(derivation: () => Promise<T>): Promise<T> {
    const { HASH_CONCURRENCY, HASH_QUEUE, HASH_DEADLINE_SECONDS } = this.config;
    if (this.queue.size + this.queue.pending >= HASH_CONCURRENCY + HASH_QUEUE) throw overloaded();
    const wait = new AbortController();
    const deadline = setTimeout(() => wait.abort(overloaded()), HASH_DEADLINE_SECONDS * 1000);
    // One that runs is never given up: it would go on in its thread, and another would take its place.
    const begin = (): Promise<T> => {
      clearTimeout(deadline);
      this.derivations.inc();
      return derivation();
    };
    return this.queue.add(begin, { signal: wait.signal });
  }
}
