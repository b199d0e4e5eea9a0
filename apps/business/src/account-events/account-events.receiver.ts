import { AccountEventsModule } from '@signet/account-events';
import { DrizzleAccountEventStore } from '@signet/account-events/drizzle';
import { DATABASE, type Database } from '@signet/service-kit';
import type { DynamicModule } from '@nestjs/common';

/** What happens to accounts at auth reaches the `@OnAccountEvent()` methods of this service. */
export function receiveAccountEvents(): DynamicModule {
  return AccountEventsModule.forRootAsync({
    inject: [DATABASE],
    useFactory: (db: Database) => ({ store: new DrizzleAccountEventStore(db) }),
  });
}
