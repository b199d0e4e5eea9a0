import type { KeySource } from '../keys/key-source.js';
import type { VerifiedTokenCache } from '../verified-token.cache.js';
import type { GuardStatistics } from './guard-statistics.js';

/** Where an application shows its metrics; each `read` is called whenever somebody looks. */
export interface MetricsSink {
  gauge(name: string, help: string, read: () => number): void;
  /** Counters that differ in one label, by its values. */
  counters(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void;
}

/** What operators see of a service's tokens. Depends on no metrics library. */
export class TokenMetrics {
  constructor(
    private readonly statistics: GuardStatistics,
    private readonly cache: VerifiedTokenCache,
    private readonly keys: KeySource,
  ) {}

  /** @example new TokenMetrics(…).showIn(metricsRegistry) */
  showIn(sink: MetricsSink): void {
    const { statistics, cache, keys } = this;
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
  }
}
