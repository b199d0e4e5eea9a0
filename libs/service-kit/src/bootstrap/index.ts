export { print, table } from './print.js';
export { createService, type ServiceDescription } from './create-service.js';
export { runCommands, type CommandLine, type RunCommand } from './run-commands.js';
export { runService } from './run-service.js';
export { ServiceKitModule, type ServiceKitOptions } from './service-kit.module.js';
