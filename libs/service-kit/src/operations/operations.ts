import type { FactoryProvider } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/index.js';
import { HealthService } from './health.service.js';

/**
 * Injection token of where a library that does not know this one shows operators how it fares: in `/metrics`, and in
 * the details of `/health/ready`, where `status: 'down'` says that the service wants no traffic.
 *
 * @example
 * constructor(@Optional() @Inject(Symbol.for('signet.operations')) operations?: { gauge(…): void; health(…): void }) {}
 */
const OPERATIONS = Symbol.for('signet.operations');

export const operations: FactoryProvider = {
  provide: OPERATIONS,
  inject: [MetricsRegistry, HealthService],
  useFactory: (metrics: MetricsRegistry, health: HealthService) => ({
    gauge: metrics.gauge.bind(metrics),
    counters: metrics.counters.bind(metrics),
    health: health.add.bind(health),
  }),
};
