/** One benchmarked program in a process of its own; `main.ts` says which, and asks for its CPU time over IPC. */
import { measureIssuers } from './micro/issuers.js';
import { measureMemory } from './micro/memory.js';
import { measureVerifiers } from './micro/verifiers.js';
import { startPostgres } from './servers/postgres.js';
import { startProfile, takeProfile } from './profiler.js';
import type { Order, Setup } from './protocol.js';
import { startDocsSample } from './servers/docs-sample.js';
import { startGuarded, startNest, startWholeService } from './servers/nest.js';
import { startFastify, startNodeHttp } from './servers/plain.js';
import { startFastJwt, startJose } from './servers/rivals.js';

const PROGRAMS: Readonly<Record<string, (setup: Setup) => unknown>> = {
  'node:http': startNodeHttp,
  fastify: startFastify,
  nest: startNest,
  guarded: startGuarded,
  'whole service': startWholeService,
  'docs-sample': startDocsSample,
  'fast-jwt': startFastJwt,
  jose: startJose,
  verifiers: measureVerifiers,
  issuers: measureIssuers,
  memory: measureMemory,
  postgres: startPostgres,
  // Loaded on demand: a whole service beside them would be no part of the others' programs.
  tokens: async (setup) => (await import('./micro/tokens.js')).startTokens(setup),
  calls: async (setup) => (await import('./micro/calls.js')).startCalls(setup),
  refreshes: async (setup) => (await import('./micro/refreshes.js')).startRefreshes(setup),
};

process.on('message', (order: Order) => void answer(order));
process.on('disconnect', () => process.exit());

async function answer(order: Order): Promise<void> {
  const result = await resultOf(order);
  if (process.connected) process.send?.({ result });
}

async function resultOf(order: Order): Promise<unknown> {
  if ('start' in order) return PROGRAMS[order.start]?.(order.setup);
  switch (order.ask) {
    case 'cpu':
      return process.cpuUsage();
    case 'start profile':
      return startProfile();
    case 'profile':
      return takeProfile();
    case 'sessions':
      return (await import('./micro/refreshes.js')).sessionsToRefresh(order.count);
    case 'refreshes':
      return (await import('./micro/refreshes.js')).refreshRound(order.count);
    case 'tokens':
      return (await import('./micro/tokens.js')).tokenRound(order.count);
    case 'calls':
      return (await import('./micro/calls.js')).callRound(order.count);
    case 'plans':
      return (await import('./micro/refreshes.js')).plans();
  }
}
