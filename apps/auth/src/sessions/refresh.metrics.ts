import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';

/** Shows operators how refreshes end. */
@Injectable()
export class RefreshMetrics {
  /** `repeated`: within the grace; `reused`: a copy was shown and the session ended. */
  private readonly counts = { rotated: 0, repeated: 0, reused: 0, refused: 0 };

  constructor(metrics: MetricsRegistry) {
    metrics.counters(
      'refreshes_total',
      'Refresh tokens that were shown, by what came of it.',
      'outcome',
      () => this.counts,
    );
  }

  count(outcome: keyof RefreshMetrics['counts']): void {
    this.counts[outcome]++;
  }
}
