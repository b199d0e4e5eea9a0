import type { FastifyInstance } from 'fastify';
import { problemOfStatus } from '../errors/index.js';
import type { MetricsRegistry } from '../metrics/index.js';
import type { HealthService } from './health.service.js';

/** `/health/live` and `/health/ready`: what orchestrators and load balancers ask. They need no token. */
export function serveHealth(fastify: FastifyInstance, health: HealthService): void {
  fastify.get('/health/live', (_request, reply) => reply.send({ status: 'ok' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const { isReady, details } = await health.report();
    // As @nestjs/terminus words it, with the details twice.
    if (isReady) return reply.send({ status: 'ok', info: details, error: {}, details });
    return reply
      .status(503)
      .header('content-type', 'application/problem+json')
      .send({ ...problemOfStatus(503), details });
  });
}

/** `/metrics`, in Prometheus's text format. Scrapes that come together share one reading. */
export function serveMetrics(fastify: FastifyInstance, metrics: MetricsRegistry): void {
  let reading: Promise<string> | undefined;
  fastify.get('/metrics', async (_request, reply) => {
    reading ??= metrics.metrics().finally(() => (reading = undefined));
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await reading);
  });
}
