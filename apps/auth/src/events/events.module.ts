import { Module } from '@nestjs/common';
import { AccountEvents } from './account-events.js';
import { ErasuresRepository } from './erasures.repository.js';
import { EventOutboxRepository } from './event-outbox.repository.js';
import { EventStreamsRepository } from './event-streams.repository.js';

/** The outbox: what every feature that changes an account records in. */
@Module({
  providers: [AccountEvents, ErasuresRepository, EventOutboxRepository, EventStreamsRepository],
  exports: [AccountEvents, ErasuresRepository, EventOutboxRepository, EventStreamsRepository],
})
export class EventsModule {}
