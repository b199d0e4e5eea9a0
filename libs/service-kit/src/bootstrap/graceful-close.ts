import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceEnvironment } from '../config/index.js';
import { ReadinessService } from '../operations/index.js';
import { SIGNALS } from './process.js';

/**
 * Lets connections end with their last answer once the service is stopping. Node closes those that are idle when
 * it stops listening; one that is busy then would keep the process alive until its keep-alive time is over.
 */
export function closeWithLastAnswer(fastify: FastifyInstance, readiness: ReadinessService): void {
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

/** What ends a process that has no connections any more, but a database, say, that does not let it go. */
const FAREWELL_MS = 2_000;

/**
 * Stops the service in steps. At SIGTERM it no longer wants traffic, says so to the load balancer that asks
 * `/health/ready`, and answers whatever still comes; after the delay it stops listening and finishes what is under
 * way; what is not finished by the deadline is cut off; then the process ends. SIGINT, and any further signal, comes
 * from somebody who waits: without the delay.
 */
export function stopOnSignals(app: NestFastifyApplication, settings: ServiceEnvironment): void {
  const readiness = app.get(ReadinessService);
  const hurry = new AbortController();
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (signal === 'SIGINT' || !readiness.wantsTraffic) hurry.abort();
    if (!readiness.wantsTraffic) return;
    readiness.beginStopping();
    const { SHUTDOWN_DELAY_SECONDS, SHUTDOWN_TIMEOUT_SECONDS } = settings;
    await delay(SHUTDOWN_DELAY_SECONDS * 1000, undefined, { signal: hurry.signal }).catch(() => undefined);
    await closeInTime(app, SHUTDOWN_TIMEOUT_SECONDS * 1000);
    // Explicit: as process 1 of a container the default action of a signal does not end a process.
    process.exit(0);
  };
  const fail = (error: unknown): never => {
    new Logger('Service').error(error);
    process.exit(1);
  };
  for (const signal of SIGNALS) process.on(signal, () => void stop(signal).catch(fail));
}

/** @throws {Error} if the service is not closed although its connections are */
async function closeInTime(app: NestFastifyApplication, deadlineMs: number): Promise<void> {
  const { server } = app.getHttpAdapter().getInstance();
  const closed = app.close();
  const cut = setTimeout(() => {
    new Logger('Service').warn('The shutdown deadline has passed: open connections are closed');
    server.closeAllConnections();
  }, deadlineMs);
  const late = delay(deadlineMs + FAREWELL_MS, 'late' as const, { ref: false });
  if ((await Promise.race([closed, late])) === 'late') throw new Error('The service did not close in time');
  clearTimeout(cut);
}
