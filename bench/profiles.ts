import type { Candidate } from './candidates.ts';
import { warmUp } from './compare.ts';
import { load } from './load.ts';
import { Program } from './program.ts';
import { table } from './report.ts';

const WARM_UP = 24_000;
const REQUESTS = 20_000;

/** Where the time of some candidates' requests goes, by V8's sampling profiler, as a table. */
export async function profiles(list: readonly Candidate[]): Promise<string> {
  const columns: Readonly<Record<string, number>>[] = [];
  for (const it of list) {
    const { requests, status } = it;
    const server = await Program.start(it.program, it.setup);
    await warmUp({ ...it, server }, WARM_UP);
    const batch = requests(REQUESTS);
    columns.push(await server.profile(() => load(server.result, batch, status)));
    await server.stop();
  }
  const parts = [...new Set(columns.flatMap((column) => Object.keys(column)))].toSorted(
    (a, b) => (columns.at(-1)?.[b] ?? 0) - (columns.at(-1)?.[a] ?? 0),
  );
  const perRequest = (time = 0) => (time / REQUESTS).toFixed(1);
  return table(
    ['CPU µs a request', ...list.map(({ label }) => label)],
    parts.map((part) => [part].concat(columns.map((column) => perRequest(column[part])))),
  );
}
