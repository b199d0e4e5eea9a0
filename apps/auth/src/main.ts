import { runService } from '@signet/service-kit';
import { AppModule } from './app.module.js';
import { addCommands } from './command-line.js';
import { CommandLineModule } from './command-line.module.js';
import { authConfig } from './config/auth.config.js';

await runService({
  name: 'auth',
  description: 'Registers users, checks their passwords and issues the tokens that all services verify.',
  module: AppModule,
  config: authConfig,
  securitySchemes: {
    basic: { type: 'http', scheme: 'basic', description: 'The id and the secret of a client.' },
    sessionCookie: {
      type: 'apiKey',
      in: 'cookie',
      name: '__Host-signet-session',
      description:
        'The refresh token of a browser, which `POST /auth/login` with `"mode": "cookie"` sets; `signet-session` over ' +
        'plain http on localhost. A request that relies on it is JSON and comes from an allowed origin.',
    },
    feedKey: {
      type: 'http',
      scheme: 'bearer',
      description: '`REVOCATION_FEED_KEY`, which auth and the services share.',
    },
  },
  commands: { module: CommandLineModule, add: addCommands },
});
