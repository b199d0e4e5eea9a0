import { ServiceKitModule } from '@signet/service-kit';
import { Module } from '@nestjs/common';
import { AccountEventsRepository } from './account-events/account-events.repository.js';
import { SERVICE } from './service.options.js';

/** What the operator's commands are made of. It shares the database of a service that runs. */
@Module({ imports: [ServiceKitModule.forCommands(SERVICE)], providers: [AccountEventsRepository] })
export class CommandLineModule {}
