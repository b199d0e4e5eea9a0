import { request } from './http.js';
import type { RunningService } from './service.js';
import { eventually } from './sessions.js';

/** Values by series, as `/metrics` writes them: `logins_total{outcome="ok"}`. */
export type Metrics = ReadonlyMap<string, number>;

export async function readMetrics({ url }: RunningService): Promise<Metrics> {
  const { body } = await request<string>('GET', `${url}/metrics`);
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1).replace('Inf', 'Infinity'))];
    }),
  );
}

/** Waits until a series has a value. */
export function metricIs(service: RunningService, series: string, value: number): Promise<void> {
  return eventually(async () => (await readMetrics(service)).get(series) === value);
}
