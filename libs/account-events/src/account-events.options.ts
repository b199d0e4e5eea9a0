import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency } from '@nestjs/common';
import type { AccountEventStore } from './store/account-event.store.js';
import type { TransmitterOptions } from './transmitter/transmitter.client.js';

/**
 * How a service receives account events. What is not told is read from the environment variable named with it; a
 * fault stops the start, with one line that names the option and the variable.
 */
export interface AccountEventsOptions {
  /** Where the service notes what it has handled: its own database. */
  readonly store: AccountEventStore;
  /** Base URL of auth; `AUTH_URL`, or `http://localhost:3000`. */
  readonly authUrl?: string;
  /** The issuer of the events, to the letter; `JWT_ISSUER`, or `http://localhost:3000`. */
  readonly issuer?: string;
  /** The JWK set; `JWT_JWKS_URL`, or `<authUrl>/.well-known/jwks.json`. Not used where auth signs with HS256. */
  readonly jwksUrl?: string;
  /** The id under which auth knows the service, which needs the scope `events`; `CLIENT_ID`. */
  readonly clientId?: string;
  /** `CLIENT_SECRET`. Without one `CLIENT_KEY_FILE` (a private JWK or PEM) or `CLIENT_ASSERTION_FILE` is read. */
  readonly clientSecret?: string;
  /** The `Authorization` header of a request to auth, for a credential of another kind. */
  readonly authorization?: () => string | Promise<string>;
  /** For proxies and private certificate authorities; the global `fetch` unless told. */
  readonly fetch?: typeof fetch;
  /** Events that are handled at a time, of different accounts; each takes a database connection. 4 unless told. */
  readonly concurrency?: number;
  /** Attempts before an event is set aside, with pauses from half a second to a minute. 10 unless told. */
  readonly maxAttempts?: number;
}

/** Options that depend on other providers. */
export interface AccountEventsAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[];
  readonly useFactory: (...dependencies: never[]) => AccountEventsOptions | Promise<AccountEventsOptions>;
}

/** Injection token of the {@link ResolvedOptions}. */
export const ACCOUNT_EVENTS_OPTIONS = Symbol('signet:account-events-options');

/** Options with everything in its place. */
export interface ResolvedOptions {
  readonly store: AccountEventStore;
  readonly concurrency: number;
  readonly maxAttempts: number;
  /** Undefined: the service has no identity, and receives nothing. */
  readonly transmitter: TransmitterOptions | undefined;
  /** Why not. */
  readonly reason: string;
}
