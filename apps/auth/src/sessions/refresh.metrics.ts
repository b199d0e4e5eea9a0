import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';

/** `repeated`: within the grace; `reused`: a copy was shown and the session ended. */
export const REFRESH_OUTCOMES = ['rotated', 'repeated', 'reused', 'refused'] as const;

/** Shows operators how refreshes end. */
@Injectable()
export class RefreshMetrics {
  private readonly counter: Counter<'outcome'>;

  constructor(registry: MetricsRegistry) {
    this.counter = new Counter({
      name: 'refreshes_total',
      help: 'Refresh tokens that were shown, by what came of it.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of REFRESH_OUTCOMES) this.counter.inc({ outcome }, 0);
  }

  count(outcome: (typeof REFRESH_OUTCOMES)[number]): void {
    this.counter.inc({ outcome });
  }
}
