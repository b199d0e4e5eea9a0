import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';

/** Shows operators how authentications of clients end. */
@Injectable()
export class ClientAuthenticationMetrics {
  readonly counts = { ok: 0, failed: 0, throttled: 0 };

  constructor(metrics: MetricsRegistry) {
    metrics.counters(
      'client_authentications_total',
      'Authentications of clients, by what came of them.',
      'outcome',
      () => this.counts,
    );
  }
}
