/**
 * The tables of the library: `npm run db:generate` looks for tables in the `*.table.ts` files of a service, and its
 * migrations are the service's own.
 */
export {
  accountEventsLease,
  begunAccountEvents,
  handledAccountEvents,
  setAsideAccountEvents,
} from '@signet/account-events/drizzle';
