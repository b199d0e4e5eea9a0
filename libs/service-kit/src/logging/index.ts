export { JsonLogger } from './json.logger.js';
export type { RequestFields } from './request-context.js';
export { logRequests, requestId } from './request-log.js';
