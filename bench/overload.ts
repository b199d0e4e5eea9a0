/** `npm run bench:overload`: what a flood of logins costs everybody else. */
import { createTestDatabase, startTestServer, stopTestServer } from '@signet/service-kit/testing';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildIfNeeded, ROOT, type App } from '../scripts/services.ts';
import { machine, save, table } from './report.ts';
import { Service } from './service.ts';

const FLOOD = 200;
const CALLERS = 4;
const CALLS = 250;
const ROUNDS = 3;
const GOAL = 3;
const NAMES = {
  refresh: '`POST /auth/refresh`',
  business: '`GET /tasks` of business',
  health: '`GET /health/ready` of auth',
};
const PERSON = { email: 'ada@example.com', password: 'a long and quiet evening' };

const SECRETS = {
  JWT_SECRET: randomBytes(32).toString('hex'),
  REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
  REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
};

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run bench:overload

Starts auth and business, and measures ${CALLERS} callers that refresh, ask a business route and ask for auth's health, each
${CALLS} times one after the other: first alone, then while ${FLOOD} clients log in without a pause, but for that which the
Retry-After of a 503 asks for; ${ROUNDS} rounds of both. Prints the times, and writes them to bench/results.md.
`);
  process.exit(0);
}

interface Sample {
  readonly refresh: number[];
  readonly business: number[];
  readonly health: number[];
}
const newSample = (): Sample => ({ refresh: [], business: [], health: [] });

buildIfNeeded((line) => process.stderr.write(`${line}\n`));
await startTestServer();
const auth = await Service.start('auth', await environment('auth'));
const business = await Service.start('business', { ...(await environment('business')), AUTH_URL: auth.url });
const [idle, flooded, logins] = [newSample(), newSample(), new Map<string, number>()];
try {
  await auth.post('/auth/register', PERSON);
  const callers = await Promise.all(Array.from({ length: CALLERS }, () => logIn()));
  await callAll(callers, newSample());
  for (let round = 0; round < ROUNDS; round++) {
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
    await callAll(callers, idle);
    const end = startFlood();
    await delay(2_500);
    await callAll(callers, flooded);
    await end();
  }
} finally {
  await Promise.all([auth.stop(), business.stop()]);
  await stopTestServer();
}
report();

async function environment(app: App): Promise<Record<string, string>> {
  const migrationsFolder = join(ROOT, 'apps', app, 'src/database/migrations');
  const { url } = await createTestDatabase({ name: app, migrationsFolder });
  return { ...SECRETS, DATABASE_URL: url };
}

interface Caller {
  access_token: string;
  refresh_token: string;
}

async function logIn(): Promise<Caller> {
  const { status, body } = await auth.post('/auth/login', PERSON);
  if (status !== 200) throw new Error(`login answered ${status}`);
  return body as Caller;
}

/** In a process of its own, so that the clients we measure do not wait for those we do not. @returns what ends it */
function startFlood(): () => Promise<void> {
  const args = [`${auth.url}/auth/login`, JSON.stringify(PERSON), String(FLOOD)];
  const flood = fork(join(import.meta.dirname, 'login-flood.ts'), args);
  return async () => {
    const told = once(flood, 'message') as Promise<[Record<string, number>]>;
    flood.send('end');
    const [counts] = await told;
    for (const [status, count] of Object.entries(counts))
      logins.set(status, (logins.get(status) ?? 0) + count);
  };
}

async function callAll(callers: readonly Caller[], sample: Sample): Promise<void> {
  await Promise.all(callers.map((caller) => call(caller, sample)));
}

async function call(caller: Caller, sample: Sample): Promise<void> {
  for (let i = 0; i < CALLS; i++) {
    const { refresh_token } = caller;
    const answer = await timed(sample.refresh, 200, () => auth.post('/auth/refresh', { refresh_token }));
    Object.assign(caller, answer.body);
    const ask = async (service: Service, path: string) => ({
      status: await service.get(path, caller.access_token),
    });
    await timed(sample.business, 200, () => ask(business, '/tasks'));
    await timed(sample.health, 200, () => ask(auth, '/health/ready'));
  }
}

async function timed<T extends { status: number }>(
  times: number[],
  expected: number,
  ask: () => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const answer = await ask();
  times.push(performance.now() - began);
  if (answer.status !== expected) throw new Error(`expected ${expected}, got ${answer.status}`);
  return answer;
}

function report(): void {
  const at = (times: readonly number[], share: number) =>
    times.toSorted((a, b) => a - b)[Math.floor(share * times.length)] ?? NaN;
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const rows = (['refresh', 'business', 'health'] as const).map((route) => {
    const ratio = at(flooded[route], 0.99) / at(idle[route], 0.99);
    const times = [idle[route], flooded[route]].flatMap((all) => [ms(at(all, 0.5)), ms(at(all, 0.99))]);
    return [NAMES[route]].concat(times, ratio.toFixed(1), ratio <= GOAL ? 'met' : 'missed');
  });
  const answered = [...logins].map(([status, count]) => `${count} × ${status}`).join(', ');
  const text = [
    '# What a flood of logins costs everybody else\n',
    `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`npm run bench:overload\``,
    `(${ROUNDS} rounds of ${CALLERS} callers with ${CALLS} calls of each, alone and while ${FLOOD} clients log in: ${answered}).`,
    `Services, PostgreSQL and all clients share the machine. Goal: p99 in the flood ≤ ${GOAL} × p99 alone.\n`,
    table(['route', 'alone: p50', 'p99', 'in the flood: p50', 'p99', 'p99 / p99', 'goal'], rows),
  ].join('\n');
  process.stdout.write(`\n${text}\n`);
  save('overload', text);
}
