import type { ServiceKitOptions } from '@signet/service-kit';
import { join } from 'node:path';
import { authConfig } from './config/auth.config.js';

/** Who auth is. This file is where its folder of migrations is, in the sources as in the built output. */
export const SERVICE: ServiceKitOptions = {
  name: 'auth',
  config: authConfig,
  migrations: join(import.meta.dirname, 'database/migrations'),
};
