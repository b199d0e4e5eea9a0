import { runService } from '@signet/service-kit';
import { addAccountEventCommands } from './account-events/account-events.commands.js';
import { AppModule } from './app.module.js';
import { CommandLineModule } from './command-line.module.js';
import { businessConfig } from './config/business.config.js';

await runService({
  name: 'business',
  description: 'Keeps tasks. It knows a user only by the id in a verified token.',
  module: AppModule,
  config: businessConfig,
  commands: { module: CommandLineModule, add: addAccountEventCommands },
});
