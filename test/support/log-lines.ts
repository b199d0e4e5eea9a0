import type { RunningService } from './service.js';

/** What a service has logged so far, without what other programs have printed in between. */
export function logLines(service: RunningService): Record<string, unknown>[] {
  const lines = service.output().split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}
