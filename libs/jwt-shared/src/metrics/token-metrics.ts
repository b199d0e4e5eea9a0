import type { KeySource } from '../keys/key-source.js';
import type { VerifiedTokenCache } from '../verified-token.cache.js';
import { RevocationFeedClient } from '../revocation/revocation-feed.client.js';
import type { RevocationSource } from '../revocation/revocation-source.js';
import type { GuardStatistics } from './guard-statistics.js';
import type { MetricsSink } from './operations.js';

/** What operators see of a service's tokens. Depends on no metrics library. */
export class TokenMetrics {
  constructor(
    private readonly statistics: GuardStatistics,
    private readonly cache: VerifiedTokenCache,
    private readonly keys: KeySource,
    private readonly revocations: RevocationSource,
  ) {}

  /** @example new TokenMetrics(…).showIn(metricsRegistry) */
  showIn(sink: MetricsSink): void {
    const { statistics, cache, keys, revocations } = this;
    sink.counters(
      'token_checks_total',
      'Calls of routes that need a token, by what came of them.',
      'outcome',
      () => statistics.outcomes,
    );
    sink.counters('token_cache_lookups_total', 'Tokens looked up in the cache.', 'outcome', () => ({
      hit: statistics.hits,
      miss: statistics.misses,
    }));
    sink.gauge('token_cache_entries', 'Verified tokens in memory.', () => cache.size);
    sink.gauge('token_cache_bytes', 'Estimated memory of the verified tokens.', () => cache.bytes);
    if ('age' in keys) {
      sink.gauge('jwks_age_seconds', 'Time since the JWK set was fetched.', () => keys.age?.() ?? 0);
    }
    if (revocations instanceof RevocationFeedClient) showFeed(revocations, sink);
  }
}

function showFeed(feed: RevocationFeedClient, sink: MetricsSink): void {
  sink.gauge('revocation_feed_connected', '1 while the service hears of every revocation at once.', () =>
    Number(feed.isConnected),
  );
  sink.gauge('revocation_feed_age_seconds', 'Time since every revocation was known here.', () => feed.age());
  sink.gauge('revocations_held', 'Revocations in memory.', () => feed.size);
  sink.counters(
    'revocation_feed_faults_total',
    'Times that the revocation feed was lost or could not be had.',
    'reason',
    () => feed.faults,
  );
}
