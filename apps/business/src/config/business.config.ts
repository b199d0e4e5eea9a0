import { productionGaps } from '@signet/jwt-shared';
import { developmentDefaults, readEnvironment } from '@signet/service-kit';
import { registerAs, type ConfigType } from '@nestjs/config';
import { BusinessEnvironment } from './business.environment.js';

/**
 * The only reader of this app's environment.
 *
 * @throws {ConfigurationError} with one line for each fault
 */
export const businessConfig = registerAs('business', () =>
  readEnvironment(BusinessEnvironment, {
    ...developmentDefaults('business', ['JWT_SECRET', 'REVOCATION_FEED_KEY', 'CLIENT_SECRET']),
    ...productionGaps('service'),
  }),
);

export type BusinessConfig = ConfigType<typeof businessConfig>;
