import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryOf, type App } from '../scripts/services.ts';
import type { Program, RunningService } from '../test/support/service.ts';

/** Starts an app so that {@link cpuOf} can be asked for. */
export function reportingCpu(app: App): Program {
  const reporter = join(import.meta.dirname, 'refresh/cpu-reporter.ts');
  return { args: ['--import', reporter, entryOf(app)], hasChannel: true };
}

/** Microseconds of CPU that a service has used so far. */
export async function cpuOf({ process: service }: RunningService): Promise<number> {
  const answer = once(service, 'message');
  service.send('cpu');
  const [{ user, system }] = (await answer) as [NodeJS.CpuUsage];
  return user + system;
}

/** Bytes of memory that a process has (`VmRSS`), or has had at the most (`VmHWM`), as Linux counts them; 0: it has ended. */
export function memoryOf(pid: number | undefined, figure: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${figure}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
