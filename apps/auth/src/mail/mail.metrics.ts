import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';

/** `postponed`: to be tried again; `nobody`: there was nobody to write to. */
export const MAIL_OUTCOMES = ['sent', 'postponed', 'given_up', 'nobody'] as const;

/** Shows operators what comes of mails. */
@Injectable()
export class MailMetrics {
  private readonly counter: Counter<'outcome'>;

  constructor(registry: MetricsRegistry) {
    this.counter = new Counter({
      name: 'mails_total',
      help: 'Attempts to send a mail, by what came of it.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of MAIL_OUTCOMES) this.counter.inc({ outcome }, 0);
  }

  count(outcome: (typeof MAIL_OUTCOMES)[number]): void {
    this.counter.inc({ outcome });
  }
}
