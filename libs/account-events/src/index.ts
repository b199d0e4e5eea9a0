export { EVENT_TYPES, type AccountEvent, type EventType } from './account-event.js';
