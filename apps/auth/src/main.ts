import { runService } from '@app/service-kit';
import { AppModule } from './app.module.js';
import { authConfig } from './config/auth.config.js';

await runService({
  name: 'auth',
  description:
    'Registers people, checks their passwords and issues the tokens that every other service recognises.',
  module: AppModule,
  config: authConfig,
});
