/** Where an application shows its metrics; each `read` is called whenever the metrics are asked for. */
export interface MetricsSink {
  gauge(name: string, help: string, read: () => number): void;
  /** Counters that differ in one label, by its values. */
  counters(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void;
}

/** Where an application shows how it is; `health` is what `GET /health/ready` answers of a part. */
export interface Operations extends MetricsSink {
  health?(name: string, read: () => { readonly status: 'up' | 'down' } & Record<string, unknown>): void;
}

/**
 * Injection token of an application's {@link Operations}, where it has them. In the registry of symbols, so that no
 * library depends on another: Signet's service kit provides it, and so may any global module.
 */
export const OPERATIONS = Symbol.for('signet.operations');
