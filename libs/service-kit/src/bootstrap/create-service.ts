import helmet from '@fastify/helmet';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { answerProblem, parseJsonBodies, toProblem } from '../errors/index.js';
import { JsonLogger, logRequests, requestId } from '../logging/index.js';
import { measureRequests, MetricsRegistry } from '../metrics/index.js';
import { Tracing } from '../tracing/index.js';
import { closeWithLastAnswer } from './graceful-close.js';
import { serveDocs } from './docs.js';

/** 16 KiB: no request of these services has a reason to be larger. */
const BODY_LIMIT_BYTES = 16 * 1024;
/** A client that has not sent its whole request by then is cut off, so that slow ones cannot pile up. */
const REQUEST_TIMEOUT_MS = 15_000;

/** Who a service is. */
export interface ServiceDescription {
  /** Lower case, as in logs and metrics: `auth`. */
  readonly name: string;
  readonly module: Type;
  /** One sentence for the OpenAPI page. */
  readonly description: string;
}

/**
 * Builds a service with everything in place but the listening socket.
 *
 * @param tracesTo URL of an OTLP receiver; without one no request is traced
 */
export async function createService(
  service: ServiceDescription,
  logger: JsonLogger,
  tracesTo?: string,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: requestId,
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: (error: unknown, _request: unknown, reply: FastifyReply) =>
      answerProblem(reply, toProblem(error)),
  });
  const app = await NestFactory.create<NestFastifyApplication>(service.module, adapter, {
    abortOnError: false,
    bodyParser: false,
    logger,
  });
  const fastify = adapter.getInstance();
  parseJsonBodies(fastify);
  closeWithLastAnswer(fastify);
  logRequests(fastify, logger.pino);
  if (tracesTo !== undefined) await app.get(Tracing).start(fastify, service.name, tracesTo);
  measureRequests(fastify, app.get(MetricsRegistry));
  await app.register(helmet, {
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
  serveDocs(app, service);
  // An explicit exit: as process 1 of a container the default action of a signal does not end a process.
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  return app;
}
