import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { EventsUpkeepService } from '../events/events-upkeep.service.js';
import { EventsModule } from '../events/events.module.js';
import { RevocationModule } from '../revocation/revocation.module.js';
import { SigningModule } from '../signing/signing.module.js';
import { PollService } from './poll.service.js';
import { ReceiverGuard } from './receiver.guard.js';
import { SetSignerService } from './set-signer.service.js';
import { SharedSignalsController } from './shared-signals.controller.js';
import { SsfConfigurationController } from './ssf-configuration.controller.js';
import { StreamWatcherService } from './stream-watcher.service.js';
import { StreamsService } from './streams.service.js';

/** Delivers the events of the outbox to the services that have a stream (OpenID Shared Signals 1.0, RFC 8936). */
@Module({
  imports: [ClientsModule, EventsModule, RevocationModule, SigningModule],
  controllers: [SharedSignalsController, SsfConfigurationController],
  providers: [
    EventsUpkeepService,
    PollService,
    ReceiverGuard,
    SetSignerService,
    StreamWatcherService,
    StreamsService,
  ],
})
export class SharedSignalsModule {}
