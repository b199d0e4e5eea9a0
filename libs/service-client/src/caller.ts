import { AsyncLocalStorage } from 'node:async_hooks';

/** For whom, and as part of what, a service calls others. */
export interface CurrentCall {
  /** The access token of the user; undefined: there is none, or the caller is a client that acts for itself. */
  readonly token: string | undefined;
  /** Headers that are passed on with every call: `traceparent`, `x-request-id`. */
  readonly headers: Readonly<Record<string, string>>;
}

const current = new AsyncLocalStorage<CurrentCall>();

/** Knows the call that is being handled. HTTP and GraphQL are looked after; a job or a socket says it by {@link run}. */
export const Caller = {
  /** Does work for the user of a token: what `ServiceClient.fetch` is called for meanwhile, it calls for that user. */
  run<T>(call: CurrentCall, work: () => T): T {
    return current.run(call, work);
  },

  /** Undefined outside of any call. */
  current(): CurrentCall | undefined {
    return current.getStore();
  },
};
