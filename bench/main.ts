/** `npm run bench`: what the guard costs, beside what it could cost and what others cost. */
import { candidates, type Candidate } from './candidates.ts';
import { load } from './load.ts';
import type { MemoryFigures } from './micro/memory.ts';
import type { VerifierFigures } from './micro/verifiers.ts';
import { Program } from './program.ts';
import { comparison, goals, machine, save, table, type Figures, type Goal } from './report.ts';

const HELP = `Usage: npm run bench [-- --quick]

Starts every candidate in a process of its own on this machine, sends each the same requests in rounds that take
turns, and prints medians. CPU time is the server's; read the figures as ratios. Writes bench/results.md.

  --quick   fewer and shorter rounds (under a minute); prints, but writes nothing
`;
/** Requests after which the compilers have done most of their work. */
const WARM_UP = 3000;

const args = process.argv.slice(2);
if (args.includes('--help') || args.some((arg) => arg !== '--quick')) {
  process.stdout.write(HELP);
  process.exit(args.includes('--help') ? 0 : 2);
}
const isQuick = args.includes('--quick');
const { rounds, requests } = isQuick ? { rounds: 5, requests: 600 } : { rounds: 15, requests: 2000 };
const say = (line: string) => process.stderr.write(`${line}\n`);

const figures = await compare(candidates());
say('verifiers …');
const verifiers = await once<VerifierFigures[]>('verifiers');
say('memory …');
const memory = await once<MemoryFigures>('memory');

const report = [
  '# What the guard costs\n',
  `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`npm run bench${isQuick ? ' -- --quick' : ''}\``,
  `(${rounds} rounds of ${requests} requests for each candidate, in turns; medians). Read them as ratios.\n`,
  '## Goals\n',
  `${goals(figuresOfMerit())}\n`,
  '## Requests\n',
  `${comparison(figures)}\n`,
  '## Verifying a new token, in one process\n',
  table(
    ['', 'our verifier, CPU µs', 'bare node:crypto, CPU µs', 'ratio'],
    verifiers.map(({ algorithm, ours, bare }) => [
      algorithm,
      ours.toFixed(1),
      bare.toFixed(1),
      (ours / bare).toFixed(2),
    ]),
  ),
  '',
].join('\n');
process.stdout.write(`\n${report}`);
if (!isQuick) save('guard', report);

async function compare(list: readonly Candidate[]): Promise<Figures[]> {
  const running = await Promise.all(
    list.map(async (it) => ({ ...it, server: await Program.start(it.program, it.setup) })),
  );
  const samples = running.map(() => ({ cpu: [] as number[], rate: [] as number[] }));
  say('warming up …');
  for (const { server, status, requests: make } of running) await load(server.result, make(WARM_UP), status);
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds}`);
    for (const [index, { server, status, requests: make }] of running.entries()) {
      const batch = make(requests);
      const [cpu, time] = [await server.cpu(), process.hrtime.bigint()];
      await load(server.result, batch, status);
      const seconds = Number(process.hrtime.bigint() - time) / 1e9;
      samples[index]?.cpu.push(((await server.cpu()) - cpu) / requests);
      samples[index]?.rate.push(requests / seconds);
    }
  }
  await Promise.all(running.map(({ server }) => server.stop()));
  return list.map(({ label }, index) => ({
    label,
    cpu: median(samples[index]?.cpu ?? []),
    requestsPerSecond: median(samples[index]?.rate ?? []),
  }));
}

async function once<Result>(name: string): Promise<Result> {
  const program = await Program.start<Result>(name, { secret: 'b'.repeat(64), algorithm: 'HS256' });
  await program.stop();
  return program.result;
}

function figuresOfMerit(): Goal[] {
  const cpu = (label: string) => figures.find((it) => it.label === label)?.cpu ?? NaN;
  const hot = cpu('our guard, hot token');
  const open = cpu('our guard, @Public() route');
  const es256 = verifiers.find(({ algorithm }) => algorithm === 'ES256');
  return [
    { name: 'hot token / the same route @Public()', value: hot / open, limit: 1.05 },
    { name: 'cold HS256 / the same route @Public()', value: cpu('our guard, cold HS256') / open, limit: 1.5 },
    {
      name: 'cold ES256 in our verifier / bare node:crypto',
      value: (es256?.ours ?? NaN) / (es256?.bare ?? NaN),
      limit: 1.3,
    },
    {
      name: "the Nest documentation's sample / hot token",
      value: cpu("the Nest documentation's sample") / hot,
      limit: 4,
      atLeast: true,
    },
    { name: 'hot token / raw Fastify', value: hot / cpu('raw Fastify'), limit: 1.6 },
    {
      name: '10,000 revocations held / none, hot token',
      value: cpu('our guard, hot token, 10,000 revocations held') / hot,
      limit: 1.02,
    },
    {
      name: 'memory of 100,000 cached tokens',
      value: memory.cachedTokensBytes / 1e6,
      limit: 100,
      unit: ' MB',
    },
    { name: 'memory of 10,000 revocations', value: memory.revocationsBytes / 1e6, limit: 5, unit: ' MB' },
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
