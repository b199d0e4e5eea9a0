export { Caller, type CurrentCall } from './caller.js';
export { ServiceCallDenied, ServiceTokenUnavailable } from './errors.js';
export { InjectService } from './inject-service.decorator.js';
export { ServiceClient, type ServiceFetch } from './service-client.js';
export { ServiceClientModule } from './service-client.module.js';
export type { ServiceClientOptions, ServiceOptions } from './service-client.options.js';
