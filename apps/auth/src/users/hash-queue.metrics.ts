import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { HashQueueService } from './hash-queue.service.js';
import { PasswordHasherService } from './password-hasher.service.js';

/** Shows operators how many people wait for their password to be checked. */
@Injectable()
export class HashQueueMetrics {
  constructor(metrics: MetricsRegistry, queue: HashQueueService, hasher: PasswordHasherService) {
    metrics.counter(
      'password_hashes_total',
      'Key derivations, to store a password or to check one.',
      () => queue.begun,
    );
    metrics.gauge('password_hashes_waiting', 'Key derivations that wait.', () => queue.waiting);
    metrics.gauge('password_hashes_running', 'Key derivations under way.', () => queue.running);
    metrics.gauge(
      'password_failures_padded_seconds',
      'Time up to which failed logins are padded while hashes of several costs are stored; 0: not at all.',
      () => hasher.padSeconds,
    );
    metrics.counters(
      'password_hashes_refused_total',
      'Key derivations that were turned away: the queue was full, or it took too long.',
      'reason',
      () => queue.refused,
    );
  }
}
