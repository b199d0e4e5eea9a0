import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';

/** Shows operators what comes of mails. */
@Injectable()
export class MailMetrics {
  /** `postponed`: to be tried again; `nobody`: there was nobody to write to. */
  private readonly counts = { sent: 0, postponed: 0, given_up: 0, nobody: 0 };

  constructor(metrics: MetricsRegistry) {
    metrics.counters(
      'mails_total',
      'Attempts to send a mail, by what came of it.',
      'outcome',
      () => this.counts,
    );
  }

  count(outcome: keyof MailMetrics['counts']): void {
    this.counts[outcome]++;
  }
}
