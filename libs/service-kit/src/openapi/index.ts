export { PageDto } from './page.dto.js';
export { ApiProblems, type ProblemFactory } from './api-problems.decorator.js';
export { describeProblems } from './describe-problems.js';
export type { DescribeGuard, RouteGuard } from './guard-description.js';
