import { RevocationFeedClient } from '@app/jwt-shared';
import { MetricsRegistry } from '@app/service-kit';
import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';

/** Shows operators how well the service is informed. */
@Injectable()
export class RevocationFeedMetrics {
  constructor(feed: RevocationFeedClient, registry: MetricsRegistry) {
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    gauge('revocation_feed_connected', '1 while the service hears of every revocation at once.', () =>
      Number(feed.isConnected),
    );
    gauge('revocation_feed_age_seconds', 'Time since every revocation was known here.', () => feed.age());
    gauge('revocations_held', 'Revocations in memory.', () => feed.size);
  }
}
