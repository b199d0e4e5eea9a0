import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { RateLimiterService } from './rate-limiter.service.js';

/** Shows operators what is turned away for being tried too often. */
@Injectable()
export class RateLimitMetrics {
  constructor(metrics: MetricsRegistry, limiter: RateLimiterService) {
    metrics.counters(
      'rate_limited_total',
      'Requests that were turned away with 429, by the policy of their route.',
      'policy',
      () => limiter.refused,
    );
  }
}
