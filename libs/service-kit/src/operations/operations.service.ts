import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/index.js';
import { HealthService, type HealthState } from './health.service.js';

/**
 * Injection token under which a library that does not know this one finds {@link OperationsService}:
 *
 * @example
 * constructor(@Optional() @Inject(Symbol.for('signet.operations')) operations?: { gauge(…): void; health(…): void }) {}
 */
export const OPERATIONS = Symbol.for('signet.operations');

/** Where a part of a service shows operators how it fares. */
@Injectable()
export class OperationsService {
  constructor(
    private readonly metrics: MetricsRegistry,
    private readonly checks: HealthService,
  ) {}

  /** Adds a gauge to `/metrics` that is read whenever they are. */
  gauge(name: string, help: string, read: () => number): void {
    this.metrics.gauge(name, help, read);
  }

  /** Adds a counter to `/metrics`, for what is counted in a plain number elsewhere. */
  counter(name: string, help: string, read: () => number): void {
    this.metrics.counter(name, help, read);
  }

  /** Adds counters to `/metrics`, one for each value of `label`. */
  counters(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void {
    this.metrics.counters(name, help, label, read);
  }

  /** Adds a line to the details of `/health/ready`; with `status: 'down'` the service wants no traffic. */
  health(name: string, read: () => HealthState): void {
    this.checks.add(name, read);
  }
}
