export { HealthService, type HealthReport, type HealthState } from './health.service.js';
export { operations } from './operations.js';
export { serveHealth, serveMetrics } from './operations.routes.js';
export { ReadinessService } from './readiness.service.js';
