export { EVENT_TYPES, type AccountEvent, type EventType } from './account-event.js';
export { AccountEventsModule } from './account-events.module.js';
export type { AccountEventsAsyncOptions, AccountEventsOptions } from './account-events.options.js';
export { OnAccountEvent } from './handlers/on-account-event.decorator.js';
export { AccountEventsMetrics, type MetricsSink } from './receiver/account-events.metrics.js';
export { AccountEventsConfigurationError } from './resolve-options.js';
export { SetAsideEvents } from './set-aside-events.js';
export { NotLeading, type AccountEventStore, type SetAsideEvent } from './store/account-event.store.js';
