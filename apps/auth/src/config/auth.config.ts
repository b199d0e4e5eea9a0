import { productionGaps } from '@signet/jwt-shared';
import { developmentDefaults, readEnvironment } from '@signet/service-kit';
import { registerAs, type ConfigType } from '@nestjs/config';
import { AuthEnvironment } from './auth.environment.js';
import { mailDefaults } from './mail.environment.js';

/**
 * The only reader of this app's environment.
 *
 * @throws {ConfigurationError} with one line for each fault
 */
export const authConfig = registerAs('auth', () =>
  readEnvironment(AuthEnvironment, {
    ...developmentDefaults('auth', [
      'JWT_SECRET',
      'REVOCATION_FEED_KEY',
      'REFRESH_TOKEN_SECRET',
      'KEY_ENCRYPTION_KEY',
    ]),
    ...mailDefaults(),
    ...productionGaps('issuer'),
  }),
);

export type AuthConfig = ConfigType<typeof authConfig>;
