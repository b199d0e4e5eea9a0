export { TracingService } from './tracing.service.js';
