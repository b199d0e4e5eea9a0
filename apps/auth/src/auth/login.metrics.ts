import { MetricsRegistry } from '@signet/service-kit';
import { HttpException, Injectable } from '@nestjs/common';

const OUTCOMES = { 401: 'failed', 503: 'overloaded' } as const;

/** Shows operators how logins end. */
@Injectable()
export class LoginMetrics {
  private readonly counts = { ok: 0, failed: 0, overloaded: 0, error: 0 };

  constructor(metrics: MetricsRegistry) {
    metrics.counters('logins_total', 'Logins, by what came of them.', 'outcome', () => this.counts);
  }

  /** Counts how a login ends, by the answer that its caller gets. */
  async watch<T>(login: Promise<T>): Promise<T> {
    try {
      const result = await login;
      this.counts.ok++;
      return result;
    } catch (error) {
      this.counts[outcomeOf(error)]++;
      throw error;
    }
  }
}

function outcomeOf(error: unknown) {
  const status = error instanceof HttpException ? error.getStatus() : 500;
  return OUTCOMES[status as keyof typeof OUTCOMES] ?? 'error';
}
