import { AccountEventsModule } from '@signet/account-events';
import { DrizzleAccountEventStore } from '@signet/account-events/drizzle';
import { DATABASE, type Database } from '@signet/service-kit';
import type { DynamicModule } from '@nestjs/common';
import { businessConfig, type BusinessConfig } from '../config/business.config.js';

/** What happens to accounts at auth reaches the `@OnAccountEvent()` methods of this service. */
export function receiveAccountEvents(): DynamicModule {
  return AccountEventsModule.forRootAsync({
    inject: [DATABASE, businessConfig.KEY],
    useFactory: (db: Database, { CLIENT_ID, CLIENT_SECRET }: BusinessConfig) => ({
      store: new DrizzleAccountEventStore(db),
      clientId: CLIENT_ID,
      ...(CLIENT_SECRET !== undefined && { clientSecret: CLIENT_SECRET }),
    }),
  });
}
