export { ClientEnvironment } from './client.environment.js';
export { ConfigurationError } from './configuration.error.js';
export { developmentDefaults } from './development-defaults.js';
export { declaredVariables, readEnvironment } from './read-environment.js';
export { ServiceEnvironment } from './service.environment.js';
export { folderWith, workspaceRoot } from './workspace.js';
export { environmentOf, WholeNumber } from './environment-of.js';
