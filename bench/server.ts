/** One benchmarked program in a process of its own; `main.ts` says which, and asks for its CPU time over IPC. */
import { measureMemory } from './micro/memory.js';
import { measureVerifiers } from './micro/verifiers.js';
import type { Setup } from './protocol.js';
import { startDocsSample } from './servers/docs-sample.js';
import { startGuarded, startNest } from './servers/nest.js';
import { startFastify, startNodeHttp } from './servers/plain.js';
import { startFastJwt, startJose } from './servers/rivals.js';

const PROGRAMS: Readonly<Record<string, (setup: Setup) => unknown>> = {
  'node:http': startNodeHttp,
  fastify: startFastify,
  nest: startNest,
  guarded: startGuarded,
  'docs-sample': startDocsSample,
  'fast-jwt': startFastJwt,
  jose: startJose,
  verifiers: measureVerifiers,
  memory: measureMemory,
};

process.on('message', (message: { start?: string; setup: Setup }) => void answer(message));
process.on('disconnect', () => process.exit());

async function answer({ start, setup }: { start?: string; setup: Setup }): Promise<void> {
  if (start === undefined) process.send?.(process.cpuUsage());
  else process.send?.({ result: await PROGRAMS[start]?.(setup) });
}
