import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { keepRequestContext } from './request-context.js';

const SAFE_ID = /^[\w.-]{1,64}$/;

/** The caller's `X-Request-Id` where it is harmless in a log, a new one otherwise. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID();
}

/**
 * Logs one line a request, from an allowlist: never a query, header or body, where tokens and passwords travel.
 * The route's template stands for the path, as a path may carry what a person typed. What machines ask every few
 * seconds is told at `debug`.
 */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  keepRequestContext(fastify);
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url;
    logger[isRoutine(route) ? 'debug' : 'info'](
      {
        ...request.logFields,
        method: request.method,
        route,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 10) / 10,
        remote_address: request.ip,
        clients: clientsOf(request),
      },
      'request',
    );
    done();
  });
}

/** As much as is read here of what a guard says about the caller. */
interface Caller {
  readonly userId?: unknown;
  readonly clientId?: unknown;
  readonly actor?: Actor | undefined;
}

interface Actor {
  readonly clientId: string;
  readonly actor?: Actor | undefined;
}

/** The services that make a call, for themselves or for a user: who calls first, and behind it who acted before. */
function clientsOf(request: object): string | undefined {
  const { user } = request as { user?: Caller };
  if (user?.actor !== undefined) return chainOf(user.actor).join(' ');
  return typeof user?.clientId === 'string' && user.clientId === user.userId ? user.clientId : undefined;
}

function chainOf({ clientId, actor }: Actor): string[] {
  return actor === undefined ? [clientId] : [clientId, ...chainOf(actor)];
}

function isRoutine(route: string | undefined): boolean {
  return route !== undefined && (route.startsWith('/health/') || route === '/metrics');
}
