export { Health, type HealthReport, type HealthState } from './health.js';
export { OPERATIONS, Operations } from './operations.js';
export { serveHealth, serveMetrics } from './operations.routes.js';
export { Readiness } from './readiness.js';
