import { openRequests, type Candidate } from './candidates.ts';
import { load } from './load.ts';
import { Program } from './program.ts';
import type { Sample } from './statistics.ts';

/** How much is measured. */
export interface Plan {
  /** How often every candidate is started afresh. */
  readonly generations: number;
  readonly rounds: number;
  /** Requests of one candidate in one round. */
  readonly requests: number;
  /** Requests to both routes before the first round, after which the compilers have done most of their work. */
  readonly warmUp: number;
}

/** What was measured of one candidate. */
export interface Figures {
  readonly label: string;
  /** Microseconds of the server's CPU for one request. */
  readonly cpu: Sample;
  readonly requestsPerSecond: Sample;
}

const WARM_UP_TURNS = 3;

interface Started extends Candidate {
  readonly server: Program;
}

interface Running extends Started {
  readonly cpu: number[];
  readonly rate: number[];
}

/** Measures all candidates in rounds that take turns. */
export async function compare(
  list: readonly Candidate[],
  plan: Plan,
  say: (line: string) => void,
): Promise<Figures[]> {
  const generations: (readonly Running[])[] = [];
  for (let generation = 1; generation <= plan.generations; generation++) {
    say(`generation ${generation} of ${plan.generations} …`);
    generations.push(await measureGeneration(list, plan));
  }
  return list.map(({ label }, index) => ({
    label,
    cpu: generations.map((running) => running[index]?.cpu ?? []),
    requestsPerSecond: generations.map((running) => running[index]?.rate ?? []),
  }));
}

async function measureGeneration(list: readonly Candidate[], plan: Plan): Promise<readonly Running[]> {
  const running = await Promise.all(
    list.map(async (it) => ({ ...it, server: await Program.start(it.program, it.setup), cpu: [], rate: [] })),
  );
  for (const it of running) await warmUp(it, plan.warmUp);
  for (let round = 0; round < plan.rounds; round++) {
    // There and back, so that nobody always comes after the same neighbour.
    for (const it of round % 2 === 0 ? running : running.toReversed()) await measureRound(it, plan.requests);
  }
  await Promise.all(running.map(({ server }) => server.stop()));
  return running;
}

/**
 * Both routes in turns, as in a service of some life: one that has only ever seen one of them is compiled
 * differently, and what would be compared is the compiler's luck.
 */
export async function warmUp({ server, status, requests }: Started, count: number): Promise<void> {
  const share = count / (2 * WARM_UP_TURNS);
  for (let turn = 0; turn < WARM_UP_TURNS; turn++) {
    await load(server.result, openRequests(share), 200);
    await load(server.result, requests(share), status);
  }
}

async function measureRound({ server, status, requests, cpu, rate }: Running, count: number): Promise<void> {
  const batch = requests(count);
  const [used, since] = [await server.cpu(), performance.now()];
  await load(server.result, batch, status);
  rate.push((count / (performance.now() - since)) * 1000);
  cpu.push(((await server.cpu()) - used) / count);
}
