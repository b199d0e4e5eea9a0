export { limitOption } from './limit-option.js';
export { print, table } from './print.js';
export { createService, type ServiceDescription } from './create-service.js';
export type { RunCommand } from './command-runner.js';
export { runService, type RunnableService, type ServiceCommands } from './run-service.js';
export { ServiceKitModule, type ServiceKitOptions } from './service-kit.module.js';
