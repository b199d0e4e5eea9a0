/** `npm run bench:services`: what a token for a service costs, and what calling by service-client adds to a call. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeyRing, newSecrets } from '../test/support/secrets.ts';
import { CONNECTIONS } from './load.ts';
import { Program } from './program.ts';
import type { CallRound, OperationCost, Setup, TokenRound } from './protocol.ts';
import { startPostgres } from './refresh/deployment.ts';
import { help, publish, table } from './report.ts';
import { median } from './statistics.ts';

const ROUNDS = 7;
const TOKENS = 2_000;
/** Short and many: what else the machine does then falls on all ways alike. */
const CALL_ROUNDS = 60;
const CALLS = 1_500;

help(`Usage: npm run bench:services

Issues tokens to clients in auth's own process, beside the two statements and the signature that they cannot do without, and
calls a service by service-client with cached tokens, beside fetch. Prints ratios, and writes them to bench/results.md.
`);

const say = (line: string) => void process.stderr.write(`${line}\n`);
const setup = (environment: Readonly<Record<string, string>>): Setup => ({
  secret: newSecrets().JWT_SECRET,
  algorithm: 'ES256',
  environment,
});

const tokens = await tokenRounds();
const calls = await callRounds();
publish(
  'services',
  'What it costs to call another service',
  `(${ROUNDS} rounds in turns, ${CONNECTIONS} under way at once; medians of the rounds, of ratios too. A token: authentication by`,
  'secret and the grant, by the services of auth in process, ES256, 200 clients that have asked before. Bare: two',
  '`UPDATE … RETURNING` of such a row by a named statement of `pg` and one signature; for an exchange also the verification of',
  "the user's token. After a read: a `SELECT` in the place of the first.)\n",
  table(
    ['a token', 'µs', '/ 2 bare round trips and signatures (goal ≤ 1)', '/ the same with a read first'],
    [
      tokenRow('client_credentials', ({ clientCredentials: cost }) => ({ cost, more: 0 })),
      tokenRow('token exchange', ({ exchange: cost, verification }) => ({ cost, more: verification.wall })),
    ],
  ),
  `\nA call: \`fetch\` to a bare \`node:http\` server and its body, for 100 users whose tokens are cached, ${CALL_ROUNDS} rounds. With a`,
  'signal: one that never aborts, the least by which a call can be ended. With a time limit: what service-client never goes',
  'without, `redirect: manual` and `AbortSignal.timeout`.\n',
  table(
    ['a call', 'wall µs', 'CPU µs', 'CPU / fetch (goal ≤ 1.05)', 'CPU / fetch with a time limit'],
    [
      callRow('fetch', 'bare'),
      callRow('fetch with a signal', 'signalled'),
      callRow('fetch with a time limit', 'limited'),
      callRow('service-client', 'cached'),
    ],
  ),
);

async function tokenRounds(): Promise<TokenRound[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signet-bench-'));
  const postgres = await startPostgres(dataDir);
  try {
    const program = await Program.start<void>(
      'tokens',
      setup({
        DATABASE_URL: postgres.result,
        ...newSecrets(),
        ...newKeyRing(),
        JWT_EXPIRES_IN: '3600',
        RATE_LIMITS: 'off',
      }),
    );
    say('warming up …');
    await program.ask({ ask: 'tokens', count: 4 * TOKENS });
    const rounds: TokenRound[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      say(`tokens, round ${round} of ${ROUNDS} …`);
      rounds.push(await program.ask({ ask: 'tokens', count: TOKENS }));
    }
    await program.stop();
    return rounds;
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function callRounds(): Promise<CallRound[]> {
  const target = await Program.start('node:http', setup({}));
  const program = await Program.start<void>(
    'calls',
    setup({ SERVICE_URL: `http://127.0.0.1:${target.result}` }),
  );
  say('warming up …');
  await program.ask({ ask: 'calls', count: 10 * CALLS });
  const rounds: CallRound[] = [];
  say(`calls, ${CALL_ROUNDS} rounds …`);
  for (let round = 1; round <= CALL_ROUNDS; round++) {
    rounds.push(await program.ask({ ask: 'calls', count: CALLS }));
  }
  await Promise.all([program.stop(), target.stop()]);
  return rounds;
}

function tokenRow(
  name: string,
  of: (round: TokenRound) => { readonly cost: OperationCost; readonly more: number },
): string[] {
  const ratios = (bare: 'bare' | 'bareAfterRead') =>
    tokens.map((round) => of(round).cost.wall / (round[bare].wall + of(round).more));
  return [
    name,
    us(tokens.map((round) => of(round).cost.wall)),
    times(ratios('bare')),
    times(ratios('bareAfterRead')),
  ];
}

function callRow(name: string, way: keyof CallRound): string[] {
  const ratios = (other: keyof CallRound) => calls.map((it) => it[way].cpu / it[other].cpu);
  return [
    name,
    us(calls.map((it) => it[way].wall)),
    us(calls.map((it) => it[way].cpu)),
    times(ratios('bare')),
    times(ratios('limited')),
  ];
}

function us(values: readonly number[]): string {
  return median(values).toFixed(0);
}

function times(values: readonly number[]): string {
  return median(values).toFixed(2);
}
