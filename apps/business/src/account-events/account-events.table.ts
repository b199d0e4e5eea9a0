export {
  accountEventsLease,
  begunAccountEvents,
  handledAccountEvents,
  setAsideAccountEvents,
} from '@signet/account-events/drizzle';
