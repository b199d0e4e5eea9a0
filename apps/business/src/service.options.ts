import type { ServiceKitOptions } from '@signet/service-kit';
import { join } from 'node:path';
import { businessConfig } from './config/business.config.js';

/** Who business is. This file is where the folder of migrations is, in the sources as in the built output. */
export const SERVICE: ServiceKitOptions = {
  name: 'business',
  config: businessConfig,
  migrations: join(import.meta.dirname, 'database/migrations'),
};
