import { Injectable } from '@nestjs/common';
import { ReceiverStatistics } from './statistics.js';

/** Where an application shows its metrics; each `read` is called whenever the metrics are asked for. */
export interface MetricsSink {
  gauge(name: string, help: string, read: () => number): void;
  /** Counters that differ in one label, by its values. */
  counters(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void;
}

/** What operators see of a receiver. Depends on no metrics library. */
@Injectable()
export class AccountEventsMetrics {
  constructor(private readonly statistics: ReceiverStatistics) {}

  /** @example new AccountEventsMetrics(…).showIn(metricsRegistry) */
  showIn(sink: MetricsSink): void {
    const { statistics } = this;
    sink.gauge(
      'account_events_lag_seconds',
      'How far this replica is behind with account events; 0 at one that leaves them to another.',
      () => statistics.lag(),
    );
    sink.gauge('account_events_receiving', '1 at the replica that receives account events.', () =>
      Number(statistics.isReceiving),
    );
    sink.gauge(
      'account_events_set_aside',
      'Account events whose handler kept failing.',
      () => statistics.setAside,
    );
    sink.counters(
      'account_events_total',
      'Account events by what became of them.',
      'outcome',
      () => statistics.outcomes,
    );
  }
}
