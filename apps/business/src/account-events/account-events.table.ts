export {
  accountEventsLease,
  handledAccountEvents,
  setAsideAccountEvents,
} from '@signet/account-events/drizzle';
