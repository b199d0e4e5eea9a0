/** `npm run bench:overload`: what a flood of logins costs everybody else. */
import { stopTestServer } from '@signet/service-kit/testing';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { deploy } from '../test/support/deployment.ts';
import setUp from '../test/support/e2e-setup.ts';
import { request } from '../test/support/http.ts';
import { beginSession, newPerson, PASSWORD, tryRefresh, type Tokens } from '../test/support/sessions.ts';
import { help, publish, table } from './report.ts';
import { percentile } from './statistics.ts';

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

help(`Usage: npm run bench:overload

Starts auth and business, and measures ${CALLERS} callers that refresh, ask a business route and ask for auth's health, each
${CALLS} times one after the other: first alone, then while ${FLOOD} clients log in without a pause, but for that which the
Retry-After of a 503 asks for; ${ROUNDS} rounds of both. Prints the times, and writes them to bench/results.md.
`);

interface Sample {
  readonly refresh: number[];
  readonly business: number[];
  readonly health: number[];
}
const newSample = (): Sample => ({ refresh: [], business: [], health: [] });

await setUp();
const { auth, business, replicas } = await deploy({ HASH_NICENESS: undefined });
const [idle, flooded, logins] = [newSample(), newSample(), new Map<string, number>()];
try {
  const email = await newPerson(auth);
  // Somebody else: more logins than an account may have sessions end its oldest.
  const flooding = await newPerson(auth);
  const callers = await Promise.all(Array.from({ length: CALLERS }, () => beginSession(auth, email)));
  await callAll(callers, newSample());
  for (let round = 0; round < ROUNDS; round++) {
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
    await callAll(callers, idle);
    const end = startFlood(flooding);
    await delay(2_500);
    await callAll(callers, flooded);
    await end();
  }
} finally {
  await replicas.end();
  await stopTestServer();
}
report();

/** In a process of its own, so that the clients we measure do not wait for those we do not. @returns what ends it */
function startFlood(email: string): () => Promise<void> {
  const args = [`${auth.url}/auth/login`, JSON.stringify({ email, password: PASSWORD }), String(FLOOD)];
  const flood = fork(join(import.meta.dirname, 'login-flood.ts'), args);
  return async () => {
    const told = once(flood, 'message') as Promise<[Record<string, number>]>;
    flood.send('end');
    const [counts] = await told;
    for (const [status, count] of Object.entries(counts))
      logins.set(status, (logins.get(status) ?? 0) + count);
  };
}

async function callAll(callers: readonly Tokens[], sample: Sample): Promise<void> {
  await Promise.all(callers.map((tokens) => call(tokens, sample)));
}

async function call(tokens: Tokens, sample: Sample): Promise<void> {
  for (let i = 0; i < CALLS; i++) {
    const answer = await timed(sample.refresh, 200, () => tryRefresh(auth, tokens.refresh_token));
    Object.assign(tokens, answer.body);
    const { access_token: token } = tokens;
    await timed(sample.business, 200, () => request('GET', `${business.url}/tasks`, { token }));
    await timed(sample.health, 200, () => request('GET', `${auth.url}/health/ready`, { token }));
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
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const rows = (['refresh', 'business', 'health'] as const).map((route) => {
    const ratio = percentile(flooded[route], 0.99) / percentile(idle[route], 0.99);
    const times = [idle[route], flooded[route]].flatMap((all) => [
      ms(percentile(all, 0.5)),
      ms(percentile(all, 0.99)),
    ]);
    return [NAMES[route]].concat(times, ratio.toFixed(1), ratio <= GOAL ? 'met' : 'missed');
  });
  const answered = [...logins].map(([status, count]) => `${count} × ${status}`).join(', ');
  publish(
    'overload',
    'What a flood of logins costs everybody else',
    `(${ROUNDS} rounds of ${CALLERS} callers with ${CALLS} calls of each, alone and while ${FLOOD} clients log in: ${answered}).`,
    `Services, PostgreSQL and all clients share the machine. Goal: p99 in the flood ≤ ${GOAL} × p99 alone.\n`,
    table(['route', 'alone: p50', 'p99', 'in the flood: p50', 'p99', 'p99 / p99', 'goal'], rows),
  );
}
