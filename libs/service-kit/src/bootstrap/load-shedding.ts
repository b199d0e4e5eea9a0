import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { answerProblem, overloaded } from '../errors/index.js';

/** What operators and orchestrators ask is answered always: a busy service is not a dead one. */
const EXEMPT = /^\/(health\/|metrics$)/;

/**
 * Answers 503 while the event loop is late, before anything is done for a request, so that what has been begun can
 * be finished.
 *
 * @param maxDelayMs how late it may be on average over a second; 0: as late as it likes
 */
export function shedLoad(fastify: FastifyInstance, maxDelayMs: number): void {
  if (maxDelayMs === 0) return;
  void fastify.register(underPressure, {
    maxEventLoopDelay: maxDelayMs,
    pressureHandler: (request, reply) => {
      if (!EXEMPT.test(request.routeOptions.url ?? '')) answerProblem(reply, overloaded());
    },
  });
}
