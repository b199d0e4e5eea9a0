import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { Readiness } from '../health/index.js';

/**
 * Lets connections end with their last answer once the service is stopping. Node closes those that are idle when
 * it stops listening; one that is busy then would keep the process alive until its keep-alive time is over.
 */
export function closeWithLastAnswer(fastify: FastifyInstance, readiness: Readiness): void {
  const { server } = fastify;
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (!readiness.wantsTraffic) void reply.header('connection', 'close');
    done(null, payload);
  });
  fastify.addHook('onResponse', (_request, _reply, done) => {
    if (!server.listening) setImmediate(() => server.closeIdleConnections());
    done();
  });
}

/**
 * Stops the service in two steps. At SIGTERM it no longer wants traffic, says so to the load balancer that asks
 * `/health/ready`, and answers whatever still comes; after the delay it stops listening, finishes what is under way
 * and ends the process. SIGINT, and any further signal, comes from somebody who waits: without the delay.
 */
export function stopOnSignals(app: NestFastifyApplication, delaySeconds: number): void {
  const readiness = app.get(Readiness);
  const hurry = new AbortController();
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (signal === 'SIGINT' || !readiness.wantsTraffic) hurry.abort();
    if (!readiness.wantsTraffic) return;
    readiness.beginStopping();
    await delay(delaySeconds * 1000, undefined, { signal: hurry.signal }).catch(() => undefined);
    await app.close();
    // Explicit: as process 1 of a container the default action of a signal does not end a process.
    process.exit(0);
  };
  const fail = (error: unknown): never => {
    new Logger('Service').error(error);
    process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void stop(signal).catch(fail));
}
