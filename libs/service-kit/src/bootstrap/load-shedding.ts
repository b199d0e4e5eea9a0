import type { FastifyInstance } from 'fastify';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { answerProblem, overloaded } from '../errors/index.js';

/** What operators and orchestrators ask is answered always: a busy service is not a dead one. */
const EXEMPT = /^\/(health\/|metrics$)/;
const RESOLUTION_MS = 10;
const WINDOW_MS = 1_000;

/**
 * Answers 503 while the event loop is late, before anything is done for a request, so that what has been begun can
 * be finished.
 *
 * By ourselves: `@fastify/under-pressure` asks for the memory as well, which opens a file, and its timer throws where
 * no file can be opened. That ended the process.
 *
 * @param maxDelayMs how late it may be on average over a second; 0: as late as it likes
 */
export function shedLoad(fastify: FastifyInstance, maxDelayMs: number): void {
  if (maxDelayMs === 0) return;
  let isLate = false;
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const timer = setInterval(() => {
    // An empty window has no mean, and is not late.
    isLate = delays.mean / 1e6 - RESOLUTION_MS > maxDelayMs;
    delays.reset();
  }, WINDOW_MS).unref();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isLate || EXEMPT.test(request.routeOptions.url ?? '')) return done();
    answerProblem(reply, overloaded());
  });
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    delays.disable();
    done();
  });
}
