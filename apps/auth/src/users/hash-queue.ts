import { ProblemException } from '@app/service-kit';
import { Injectable } from '@nestjs/common';
import PQueue from 'p-queue';

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
  /** How many were turned away, since the start. */
  readonly refused = { full: 0, late: 0 };
  private readonly queue = new PQueue({ concurrency: CONCURRENCY });

  get waiting(): number {
    return this.queue.size;
  }

  get running(): number {
    return this.queue.pending;
  }

  /** @throws {ProblemException} 503 with `Retry-After` when the queue is full or the deadline passes */
  async run<T>(derivation: () => Promise<T>): Promise<T> {
    if (this.waiting >= MAX_WAITING) {
      this.refused.full++;
      throw overloaded();
    }
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    try {
      return await this.queue.add(derivation, { signal: deadline });
    } catch (error) {
      if (!deadline.aborted || error !== deadline.reason) throw error;
      this.refused.late++;
      throw overloaded();
    }
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
