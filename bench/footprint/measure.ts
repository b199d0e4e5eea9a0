import { setTimeout as delay } from 'node:timers/promises';
import { startService, type Environment, type Program } from '../../test/support/service.ts';
import { memoryOf } from '../process.ts';

const REQUESTS = 5_000;
const CONNECTIONS = 8;
/** For what a start leaves behind to be collected. */
const SETTLE_MS = 3_000;
/** What tests set otherwise. */
const AS_DEPLOYED = { RATE_LIMITS: undefined, HASH_NICENESS: undefined };

/** What one process takes. */
export interface Footprint {
  /** From the start of the process to the line that says it is ready. */
  readonly readyMs: number;
  /** Resident memory in bytes. */
  readonly idle: number;
  readonly loaded: number;
}

/** Starts a program, lets it settle, asks it for a page some thousand times, and ends it. */
export async function measure(
  name: string,
  path: string,
  program: Program,
  environment: Environment = {},
): Promise<Footprint> {
  const began = performance.now();
  const service = await startService(name, { ...environment, ...AS_DEPLOYED }, program);
  const readyMs = performance.now() - began;
  await delay(SETTLE_MS);
  const {
    url,
    process: { pid },
  } = service;
  const idle = memoryOf(pid);
  await Promise.all(Array.from({ length: CONNECTIONS }, () => ask(url + path, REQUESTS / CONNECTIONS)));
  const loaded = memoryOf(pid);
  await service.stop();
  return { readyMs, idle, loaded };
}

async function ask(url: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const response = await fetch(url);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  }
}
