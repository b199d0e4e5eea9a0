import { DrizzleAccountEventStore } from '@signet/account-events/drizzle';
import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';

/** The account events of this service, for its operator: the receiver belongs to the process that serves. */
@Injectable()
export class AccountEventsRepository extends DrizzleAccountEventStore {
  constructor(@InjectDatabase() db: Database) {
    super(db);
  }
}
