/** `npm run bench`: what the guard costs, beside what it could cost and what others cost. */
import { candidates } from './candidates.ts';
import { compare, type Plan } from './compare.ts';
import { guardReport } from './guard-report.ts';
import type { IssuerFigures } from './micro/issuers.ts';
import type { MemoryFigures } from './micro/memory.ts';
import type { VerifierFigures } from './micro/verifiers.ts';
import { profiles } from './profiles.ts';
import { Program } from './program.ts';
import { save } from './report.ts';

const HELP = `Usage: npm run bench [-- --quick]

Starts every candidate in a process of its own on this machine, sends each the same requests in rounds that take
turns, and prints medians. CPU time is the server's; read the figures as ratios. Writes bench/results.md.

  --quick   fewer and shorter rounds (under a minute), no profiles; prints, but writes nothing. Its processes are
            started once, so that it shows no spread: small differences may be chance
`;
const FULL: Plan = { generations: 5, rounds: 9, requests: 1000, warmUp: 24_000 };
const QUICK: Plan = { generations: 1, rounds: 7, requests: 300, warmUp: 6000 };

/** Those whose time is looked into. */
const PROFILED = new Set([
  'raw Fastify',
  'our guard, @Public() route',
  'our guard, hot token',
  'our guard, revoked token (401)',
  'our guard, cold HS256',
  'our guard in a whole service, hot token',
]);

const args = process.argv.slice(2);
if (args.includes('--help') || args.some((arg) => arg !== '--quick')) {
  process.stdout.write(HELP);
  process.exit(args.includes('--help') ? 0 : 2);
}
const isQuick = args.includes('--quick');
const plan = isQuick ? QUICK : FULL;
const say = (line: string) => void process.stderr.write(`${line}\n`);

const list = candidates();
const figures = await compare(list, plan, say);
say('verifiers …');
const verifiers: VerifierFigures[][] = [];
for (let generation = 0; generation < plan.generations; generation++) verifiers.push(await once('verifiers'));
say('issuers …');
const issuers: IssuerFigures[][] = [];
for (let generation = 0; generation < plan.generations; generation++) issuers.push(await once('issuers'));
say('memory …');
const memory = await once<MemoryFigures>('memory');
if (!isQuick) say('profiles …');
const profile = isQuick ? undefined : await profiles(list.filter(({ label }) => PROFILED.has(label)));

const report = guardReport({ figures, verifiers, issuers, memory }, profile, plan, isQuick);
process.stdout.write(`\n${report}`);
if (!isQuick) save('guard', report);

async function once<Result>(name: string): Promise<Result> {
  const program = await Program.start<Result>(name, { secret: 'b'.repeat(64), algorithm: 'HS256' });
  await program.stop();
  return program.result;
}
