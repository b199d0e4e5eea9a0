export { measureRequests } from './http-metrics.js';
export { MetricsRegistry } from './metrics.registry.js';
