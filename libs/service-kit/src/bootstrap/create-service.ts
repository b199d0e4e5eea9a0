import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerProblem, parseJsonBodies, toProblem } from '../errors/index.js';
import { serveDocs, type DocsOptions } from '../docs/index.js';
import { JsonLogger, logRequests, requestId } from '../logging/index.js';
import { measureRequests, MetricsRegistry } from '../metrics/index.js';
import { HealthService, ReadinessService, serveHealth, serveMetrics } from '../operations/index.js';
import { TracingService } from '../tracing/index.js';
import { allowOrigin, allowOrigins } from './cors.js';
import { closeWithLastAnswer } from './graceful-close.js';
import { GuardingAdapter } from './guarding.adapter.js';
import {
  boundConnections,
  ignoreExpectations,
  refuseAmbiguous,
  refuseConnection,
  serverOptions,
  type ServiceSettings,
} from './http-limits.js';
import { shedLoad } from './load-shedding.js';
import { setSecurityHeaders } from './security-headers.js';
import { warnOfUnknownProxy } from './unknown-proxy.js';

/** 16 KiB: no request of these services has a reason to be larger. */
const BODY_LIMIT_BYTES = 16 * 1024;

/** Who a service is. */
export interface ServiceDescription extends DocsOptions {
  readonly module: Type;
}

/**
 * Builds a service with everything in place but the listening socket.
 *
 * @param tracesTo URL of an OTLP receiver; without one no request is traced
 */
export async function createService(
  service: ServiceDescription,
  logger: JsonLogger,
  settings: ServiceSettings = {},
): Promise<NestFastifyApplication> {
  const { CORS_ORIGINS: origins = [] } = settings;
  const adapter = new GuardingAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    ...serverOptions(settings),
    clientErrorHandler: refuseConnection,
    // A request that comes over an open connection at the end is answered as any other, and then the connection ends.
    return503OnClosing: false,
    trustProxy: trusted(settings.TRUST_PROXY),
    genReqId: requestId,
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      allowOrigin(request, reply, origins);
      answerProblem(reply, toProblem(error));
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(service.module, adapter, {
    abortOnError: false,
    bodyParser: false,
    logger,
  });
  const fastify = adapter.getInstance();
  allowOrigins(fastify, origins);
  parseJsonBodies(fastify);
  closeWithLastAnswer(fastify, app.get(ReadinessService));
  logRequests(fastify, logger.requests);
  const connections = boundConnections(fastify, settings);
  ignoreExpectations(fastify);
  refuseAmbiguous(fastify);
  shedLoad(fastify, settings.MAX_EVENT_LOOP_DELAY_MS ?? 0);
  if (settings.TRUST_PROXY === undefined) warnOfUnknownProxy(fastify);
  const { OTEL_EXPORTER_OTLP_ENDPOINT: tracesTo } = settings;
  if (tracesTo !== undefined) await app.get(TracingService).start(fastify, service.name, tracesTo);
  const metrics = app.get(MetricsRegistry);
  measureRequests(fastify, metrics);
  metrics.gauge('http_connections_open', 'Open connections of callers.', () => connections.open);
  metrics.gauge('http_requests_under_way', 'Requests that are being handled.', () => connections.busy);
  await setSecurityHeaders(fastify);
  serveHealth(fastify, app.get(HealthService));
  if (settings.OPERATIONS_PORT === undefined) serveMetrics(fastify, metrics);
  const { NODE_ENV, DOCS = NODE_ENV === 'production' ? 'off' : 'on' } = settings;
  if (DOCS === 'on') serveDocs(app, service);
  return app;
}

/** A number of hops is right only where nobody gets past the proxies; Fastify itself therefore takes addresses only. */
function trusted(proxies: ServiceSettings['TRUST_PROXY']) {
  return typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : (proxies ?? false);
}
