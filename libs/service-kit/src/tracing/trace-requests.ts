import type { FastifyInstance } from 'fastify';
import type { SpanSender } from './span-sender.js';

/**
 * Makes a server span of every request, as part of its caller's trace where it names one (W3C `traceparent`), and
 * puts the span's ids into the log lines of the request.
 *
 * A span says method, route and status, and nothing that the caller has typed: no path, query, header or body.
 */
export function traceRequests(fastify: FastifyInstance, sender: SpanSender): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { method, headers } = request;
    const span = sender.begin(method, request.routeOptions.url, headers['traceparent']);
    request.logFields.trace_id = span.traceId;
    request.logFields.span_id = span.spanId;
    // Unlike `finish` it also comes when the caller has gone away before the answer.
    reply.raw.once('close', () => span.end(reply.raw.writableFinished ? reply.statusCode : undefined));
    done();
  });
}
