export * from './background/index.js';
export * from './bootstrap/index.js';
export * from './config/index.js';
export * from './database/index.js';
export * from './errors/index.js';
export * from './operations/index.js';
export * from './logging/index.js';
export * from './metrics/index.js';
export {
  ApiProblems,
  PageDto,
  type DescribeGuard,
  type ProblemFactory,
  type RouteGuard,
} from './openapi/index.js';
