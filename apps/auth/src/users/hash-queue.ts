import { MetricsRegistry, ProblemException } from '@app/service-kit';
import { Injectable } from '@nestjs/common';
import PQueue from 'p-queue';
import { Counter } from 'prom-client';

/** More would fill the four threads that file, DNS and hash work share, and delay everything else. */
const CONCURRENCY = 2;
/** About a second of work: whoever stands further back would not wait for it. */
const MAX_WAITING = 64;
const DEADLINE_MS = 5_000;

/**
 * Runs key derivations a few at a time. When too many wait, the newest are turned away at once, so that a
 * flood of logins costs the service neither its memory nor its other routes.
 */
@Injectable()
export class HashQueue {
  private readonly queue = new PQueue({ concurrency: CONCURRENCY });
  private readonly derivations: Counter;

  constructor(registry: MetricsRegistry) {
    this.derivations = new Counter({
      name: 'password_hashes_total',
      help: 'Key derivations, to store a password or to check one.',
      registers: [registry],
    });
  }

  /** @throws {ProblemException} 503 with `Retry-After` when the queue is full or the deadline passes */
  async run<T>(derivation: () => Promise<T>): Promise<T> {
    if (this.queue.size >= MAX_WAITING) throw overloaded();
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    try {
      return await this.queue.add(() => this.count(derivation), { signal: deadline });
    } catch (error) {
      if (deadline.aborted && error === deadline.reason) throw overloaded();
      throw error;
    }
  }

  private count<T>(derivation: () => Promise<T>): Promise<T> {
    this.derivations.inc();
    return derivation();
  }
}

function overloaded(): ProblemException {
  return new ProblemException(
    503,
    'OVERLOADED',
    'Too many people are logging in right now. Try again shortly.',
    {
      headers: { 'retry-after': '2' },
    },
  );
}
