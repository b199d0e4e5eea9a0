import { MetricsRegistry } from '@app/service-kit';
import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { LiveRevocations } from './live-revocations.js';
import { RevocationFeed } from './revocation-feed.js';

/** Shows operators who is informed of what. */
@Injectable()
export class RevocationMetrics {
  constructor(live: LiveRevocations, feed: RevocationFeed, registry: MetricsRegistry) {
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    gauge('revocation_feed_clients', 'Services that follow the feed of this replica.', () => feed.size);
    gauge('revocations_held', 'Revocations in memory.', () => live.size);
    gauge('revocations_age_seconds', 'Time since the table of revocations was read.', () => live.age());
  }
}
