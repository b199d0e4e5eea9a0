import { afterEach, expect, test } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { shedLoad } from './load-shedding.js';

let app: FastifyInstance;
afterEach(() => app.close());

async function start(maxDelayMs: number): Promise<void> {
  app = fastify();
  shedLoad(app, maxDelayMs);
  for (const path of ['/work', '/health/live', '/metrics']) app.get(path, () => 'done');
  await app.ready();
}
const statusOf = async (url: string): Promise<number> => (await app.inject(url)).statusCode;

function keepBusy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Keeps the event loop late until a condition is met. */
async function whileLate(condition: () => Promise<boolean>): Promise<void> {
  do {
    keepBusy(150);
    await delay(1);
  } while (!(await condition()));
}

test('a late event loop sheds work and answers operators, until it is in time again', async () => {
  await start(50);
  expect(await statusOf('/work')).toBe(200);
  await whileLate(async () => (await statusOf('/work')) === 503);
  const shed = await app.inject('/work');
  expect(shed.headers).toMatchObject({
    'content-type': expect.stringContaining('application/problem+json'),
    'retry-after': '2',
  });
  expect(shed.json()).toMatchObject({ status: 503, code: 'OVERLOADED' });
  expect([await statusOf('/health/live'), await statusOf('/metrics')]).toEqual([200, 200]);
  while ((await statusOf('/work')) !== 200) await delay(50);
});

test('nothing is shed where no bound is set', async () => {
  await start(0);
  const end = performance.now() + 2_500;
  await whileLate(async () => performance.now() > end);
  expect(await statusOf('/work')).toBe(200);
});
