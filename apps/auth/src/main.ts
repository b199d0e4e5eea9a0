import { runCommands, runService } from '@signet/service-kit';
import { AppModule } from './app.module.js';
import { authConfig } from './config/auth.config.js';
import { OperatorModule } from './operator.module.js';
import { operate } from './operator/operator.js';

const isServing = process.argv.length === 2;

await (isServing
  ? runService({
      name: 'auth',
      description:
        'Registers people, checks their passwords and issues the tokens that every other service recognises.',
      module: AppModule,
      config: authConfig,
    })
  : runCommands({ name: 'auth', module: OperatorModule, run: operate }));
