export { OperationsRoutes } from './operations.routes.js';
export { Readiness } from './readiness.js';
