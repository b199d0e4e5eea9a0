/** A service that calls another one: for the user of a request, and as itself. */
import { runService } from '@signet/service-kit';
import { reportsConfig } from './reports.config.js';
import { ReportsModule } from './reports.module.js';

await runService({
  name: 'reports',
  description: 'Tells what business knows.',
  module: ReportsModule,
  config: reportsConfig,
});
