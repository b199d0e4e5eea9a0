import { request } from './http.js';
import type { RunningService } from './service.js';

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
