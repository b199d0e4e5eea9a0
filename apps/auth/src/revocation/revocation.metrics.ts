import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { LiveRevocationsService } from './live-revocations.service.js';
import { RevocationFeedService } from './revocation-feed.service.js';

/** Shows operators who is informed of what. */
@Injectable()
export class RevocationMetrics {
  constructor(live: LiveRevocationsService, feed: RevocationFeedService, registry: MetricsRegistry) {
    registry.gauge(
      'revocation_feed_clients',
      'Services that follow the feed of this replica.',
      () => feed.size,
    );
    registry.gauge('revocations_held', 'Revocations in memory.', () => live.size);
    registry.gauge('revocations_age_seconds', 'Time since the table of revocations was read.', () =>
      live.age(),
    );
  }
}
