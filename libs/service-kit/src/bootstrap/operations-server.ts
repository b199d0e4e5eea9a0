import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import createFastify, { type FastifyInstance } from 'fastify';
import { answerProblem, problemOfStatus } from '../errors/index.js';
import { MetricsRegistry } from '../metrics/index.js';
import { HealthService, serveHealth, serveMetrics } from '../operations/index.js';
import { boundConnections, refuseConnection, serverOptions, type ServiceSettings } from './http-limits.js';

/**
 * The server on `OPERATIONS_PORT`: health and metrics for those who run the service, on a port that stays inside
 * their network. It ends with the service.
 */
export function createOperationsServer(
  app: NestFastifyApplication,
  settings: ServiceSettings,
): FastifyInstance {
  const server = createFastify({ ...serverOptions(settings), clientErrorHandler: refuseConnection });
  boundConnections(server, settings);
  serveHealth(server, app.get(HealthService));
  serveMetrics(server, app.get(MetricsRegistry));
  server.setNotFoundHandler((_request, reply) => answerProblem(reply, problemOfStatus(404)));
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onClose', () => server.close());
  return server;
}
