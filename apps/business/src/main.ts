import { runService } from '@signet/service-kit';
import { AppModule } from './app.module.js';
import { businessConfig } from './config/business.config.js';

await runService({
  name: 'business',
  description: 'Keeps tasks. It knows a person only as the id in a token that it verifies by itself.',
  module: AppModule,
  config: businessConfig,
});
