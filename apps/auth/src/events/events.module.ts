import { Module } from '@nestjs/common';
import { AccountEventsRepository } from './account-events.repository.js';
import { ErasuresRepository } from './erasures.repository.js';
import { EventOutboxRepository } from './event-outbox.repository.js';
import { EventStreamsRepository } from './event-streams.repository.js';

/** The outbox: what every feature that changes an account records in. */
@Module({
  providers: [AccountEventsRepository, ErasuresRepository, EventOutboxRepository, EventStreamsRepository],
  exports: [AccountEventsRepository, ErasuresRepository, EventOutboxRepository, EventStreamsRepository],
})
export class EventsModule {}
