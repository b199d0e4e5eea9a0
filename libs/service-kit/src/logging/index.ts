export { JsonLogger } from './json.logger.js';
export { logRequests, requestId } from './request-log.js';
