import type { FastifyInstance } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line says that is logged for a request. */
export interface RequestFields {
  readonly request_id: string;
  trace_id: string | undefined;
  span_id: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    logFields: RequestFields;
  }
}

const current = new AsyncLocalStorage<RequestFields>();

/** The fields of the request that is being handled; a new object, as pino writes into what it gets. */
export function currentRequestFields(): Partial<RequestFields> {
  return { ...current.getStore() };
}

/**
 * Gives each request its fields, which guards, handlers and all that they call then log with. Entered after the
 * body has been read, as the events of a body come from the connection's context, not the request's.
 */
export function keepRequestContext(fastify: FastifyInstance): void {
  // Known beforehand, so that all requests have one shape.
  fastify.decorateRequest('logFields', null as unknown as RequestFields);
  fastify.addHook('onRequest', (request, reply, done) => {
    request.logFields = { request_id: request.id, trace_id: undefined, span_id: undefined };
    void reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    current.run(request.logFields, done);
  });
}
