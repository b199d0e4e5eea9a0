import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { HashQueue } from './hash-queue.js';

/** Shows operators how many people wait for their password to be checked. */
@Injectable()
export class HashQueueMetrics {
  constructor(metrics: MetricsRegistry, queue: HashQueue) {
    metrics.counter(
      'password_hashes_total',
      'Key derivations, to store a password or to check one.',
      () => queue.begun,
    );
    metrics.gauge('password_hashes_waiting', 'Key derivations that wait.', () => queue.waiting);
    metrics.gauge('password_hashes_running', 'Key derivations under way.', () => queue.running);
    metrics.counters(
      'password_hashes_refused_total',
      'Key derivations that were turned away: the queue was full, or it took too long.',
      'reason',
      () => queue.refused,
    );
  }
}
