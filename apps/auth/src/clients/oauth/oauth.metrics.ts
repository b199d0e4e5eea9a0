import { MetricsRegistry } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { AuthenticatedClient } from '../authentication/client-authentication.service.js';
import { OAuthError } from '../oauth-error.js';

const GRANTS = ['client_credentials', 'exchange'] as const;
const OUTCOMES = ['issued', 'refused', 'error'] as const;

/** Shows operators how token requests of clients end. */
@Injectable()
export class OAuthMetrics {
  private readonly tokens: Counter<'grant' | 'outcome'>;

  constructor(registry: MetricsRegistry) {
    this.tokens = new Counter({
      name: 'oauth_tokens_total',
      help: 'Token requests of authenticated clients, by grant and by what came of them.',
      labelNames: ['grant', 'outcome'],
      registers: [registry],
    });
    for (const grant of GRANTS) for (const outcome of OUTCOMES) this.tokens.inc({ grant, outcome }, 0);
  }

  /** What is refused to a client as it is remembered is decided again, and counted then. */
  async watch<T>(
    grant: (typeof GRANTS)[number],
    { isRemembered }: Pick<AuthenticatedClient, 'isRemembered'>,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      const result = await work();
      this.tokens.inc({ grant, outcome: 'issued' });
      return result;
    } catch (error) {
      if (isRemembered && error instanceof OAuthError) throw error;
      const isRefusal = (error as { getStatus?: () => number }).getStatus?.() ?? 500;
      this.tokens.inc({ grant, outcome: isRefusal < 500 ? 'refused' : 'error' });
      throw error;
    }
  }
}
