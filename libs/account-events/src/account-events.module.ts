import { Inject, Module, Optional, type DynamicModule, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import {
  ACCOUNT_EVENTS_OPTIONS,
  type AccountEventsAsyncOptions,
  type AccountEventsOptions,
} from './account-events.options.js';
import { EventHandlersService } from './handlers/event-handlers.service.js';
import { AccountEventReceiver } from './receiver/account-event.receiver.js';
import { AccountEventsMetrics, type MetricsSink } from './receiver/account-events.metrics.js';
import { ReceiverStatistics } from './receiver/statistics.js';
import { resolveOptions } from './resolve-options.js';
import { SetAsideEvents } from './set-aside-events.js';

/** Where an application shows its metrics, if it has such a place; Signet's service kit does. */
const OPERATIONS = Symbol.for('signet.operations');

/**
 * Receives what happens to accounts at auth, and has the `@OnAccountEvent()` methods of the application handle it.
 *
 * @example
 * ```ts
 * AccountEventsModule.forRootAsync({
 *   inject: [DATABASE],
 *   useFactory: (db: Database) => ({ store: new DrizzleAccountEventStore(db) }),
 * })
 * ```
 */
@Module({})
export class AccountEventsModule {
  constructor(metrics: AccountEventsMetrics, @Optional() @Inject(OPERATIONS) operations?: MetricsSink) {
    if (operations) metrics.showIn(operations);
  }

  /** @throws {AccountEventsConfigurationError} at the start, with one line for each fault */
  static forRoot(options: AccountEventsOptions): DynamicModule {
    return moduleOf({ provide: ACCOUNT_EVENTS_OPTIONS, useFactory: () => resolveOptions(options) });
  }

  /** {@link forRoot} with options that depend on other providers, such as the database. */
  static forRootAsync({ imports = [], inject = [], useFactory }: AccountEventsAsyncOptions): DynamicModule {
    const make = useFactory as (
      ...dependencies: unknown[]
    ) => AccountEventsOptions | Promise<AccountEventsOptions>;
    return moduleOf(
      {
        provide: ACCOUNT_EVENTS_OPTIONS,
        inject: [...inject],
        useFactory: async (...dependencies: unknown[]) => resolveOptions(await make(...dependencies)),
      },
      imports,
    );
  }
}

function moduleOf(options: Provider, imports: NonNullable<DynamicModule['imports']> = []): DynamicModule {
  return {
    module: AccountEventsModule,
    imports: [DiscoveryModule, ...imports],
    providers: [
      options,
      EventHandlersService,
      ReceiverStatistics,
      AccountEventsMetrics,
      AccountEventReceiver,
      SetAsideEvents,
    ],
    exports: [AccountEventsMetrics, SetAsideEvents],
  };
}
