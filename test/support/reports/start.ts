import { join } from 'node:path';
import { startService, type Environment, type RunningService } from '../service.js';

/** Starts the service `reports` from its sources. */
export function startReports(environment: Environment): Promise<RunningService> {
  const [imports, main] = ['../decorator-imports.ts', 'main.ts'].map((file) =>
    join(import.meta.dirname, file),
  );
  return startService('reports', environment, { args: ['--import', imports!, main!] });
}
