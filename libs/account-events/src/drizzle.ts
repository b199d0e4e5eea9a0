export {
  accountEventsLease,
  begunAccountEvents,
  handledAccountEvents,
  setAsideAccountEvents,
} from './store/account-events.tables.js';
export {
  DrizzleAccountEventStore,
  type DrizzleDatabase,
  type DrizzleTransaction,
} from './store/drizzle-account-event.store.js';
