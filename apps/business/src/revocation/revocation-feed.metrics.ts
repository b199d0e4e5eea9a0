import { RevocationFeedClient } from '@signet/jwt-shared';
import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';

/** Shows operators how well the service is informed. */
@Injectable()
export class RevocationFeedMetrics {
  constructor(feed: RevocationFeedClient, registry: MetricsRegistry) {
    registry.gauge(
      'revocation_feed_connected',
      '1 while the service hears of every revocation at once.',
      () => Number(feed.isConnected),
    );
    registry.gauge('revocation_feed_age_seconds', 'Time since every revocation was known here.', () =>
      feed.age(),
    );
    registry.gauge('revocations_held', 'Revocations in memory.', () => feed.size);
  }
}
