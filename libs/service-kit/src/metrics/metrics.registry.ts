import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';

/** The metrics of one application; its own registry, so that two applications in a process never mix theirs. */
@Injectable()
export class MetricsRegistry extends Registry {
  /** Adds a gauge that is read whenever the metrics are. */
  gauge(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    });
    this.registerMetric(gauge);
  }
}
