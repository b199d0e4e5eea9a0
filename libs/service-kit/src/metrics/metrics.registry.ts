import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

/** The metrics of one application; its own registry, so that two applications in a process never mix theirs. */
@Injectable()
export class MetricsRegistry extends Registry {
  /** Adds a gauge that is read whenever the metrics are. */
  gauge(name: string, help: string, read: () => number): void {
    const collect = function (this: Gauge): void {
      this.set(read());
    };
    this.registerMetric(new Gauge({ name, help, registers: [], collect }));
  }

  /** Adds a counter that is read whenever the metrics are, for what is counted in a plain number elsewhere. */
  counter(name: string, help: string, read: () => number): void {
    const collect = function (this: Counter): void {
      this.reset();
      this.inc(read());
    };
    this.registerMetric(new Counter({ name, help, registers: [], collect }));
  }

  /**
   * Adds counters that differ in one label.
   *
   * @param label whose values are the names that `read` gives: a fixed, small set
   */
  counters(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void {
    const collect = function (this: Counter): void {
      this.reset();
      for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
    };
    this.registerMetric(new Counter({ name, help, labelNames: [label], registers: [], collect }));
  }
}
