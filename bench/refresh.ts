/** `npm run bench:refresh`: what a refresh costs, beside the one write that it cannot do without. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfNeeded } from '../scripts/services.ts';
import { deploy, startPostgres, undeploy, type Deployment } from './refresh/deployment.ts';
import { httpRound } from './refresh/over-http.ts';
import { refreshReport, type Series } from './refresh/report.ts';
import type { RefreshRound } from './protocol.ts';
import { help, save } from './report.ts';

const SESSIONS = [1_000, 1_000_000];
const ROUNDS = 15;
const COUNT = 2_000;
const WARM_UP = 8_000;

help(`Usage: npm run bench:refresh

Refreshes sessions by auth's service in process, and by HTTP requests to auth, beside bare updates of such rows; with
${SESSIONS.join(' and ')} sessions in the table. Prints ratios and plans, and writes them to bench/results.md.
`);

const LEVELS: Readonly<Record<string, (on: Deployment, count: number) => Promise<RefreshRound>>> = {
  'in process': ({ layer }, count) => layer.ask({ ask: 'refreshes', count }),
  'over HTTP': httpRound,
};

const say = (line: string) => void process.stderr.write(`${line}\n`);
buildIfNeeded(say);
const dataDir = await mkdtemp(join(tmpdir(), 'signet-bench-'));
const postgres = await startPostgres(dataDir);
const deployments: Deployment[] = [];
try {
  for (const sessions of SESSIONS) {
    say(`a table of ${sessions} sessions …`);
    deployments.push(await deploy(postgres.result, sessions));
  }
  const series = await measure();
  const plans = (await deployments.at(-1)?.layer.ask<string[]>({ ask: 'plans' })) ?? [];
  const report = refreshReport(series, plans, COUNT);
  process.stdout.write(`\n${report}\n`);
  save('refresh', report);
} finally {
  await Promise.all(deployments.map((it) => undeploy(it)));
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure(): Promise<Series[]> {
  const all = Object.entries(LEVELS).flatMap(([level, measureRound]) =>
    deployments.map((on) => ({ level, on, measureRound, rounds: [] as RefreshRound[] })),
  );
  say('warming up …');
  for (const { on, measureRound } of all) await measureRound(on, WARM_UP);
  for (let round = 1; round <= ROUNDS; round++) {
    say(`round ${round} of ${ROUNDS} …`);
    // There and back, so that nobody always comes after the same neighbour.
    for (const it of round % 2 === 0 ? all : all.toReversed())
      it.rounds.push(await it.measureRound(it.on, COUNT));
  }
  return all.map(({ level, on, rounds }) => ({ level, sessions: on.sessions, rounds }));
}
