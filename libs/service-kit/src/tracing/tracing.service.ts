import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { SpanSender } from './span-sender.js';

/** Traces of requests for an OTLP receiver. Until it is started, nothing of OpenTelemetry is loaded. */
@Injectable()
export class TracingService implements OnApplicationShutdown {
  private sender: SpanSender | undefined;

  /** @param endpoint base URL of the receiver; spans go to `/v1/traces` below it */
  async start(fastify: FastifyInstance, service: string, endpoint: string): Promise<void> {
    const { SpanSender: Sender } = await import(/* webpackChunkName: 'opentelemetry' */ './span-sender.js');
    this.sender = new Sender(service, endpoint);
    traceRequests(fastify, this.sender);
  }

  /** Runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.sender?.close();
  }
}

/**
 * Makes a server span of every request, as part of its caller's trace where it names one (W3C `traceparent`), and
 * puts the span's ids into the log lines of the request.
 *
 * A span says method, route and status, and nothing that the caller has typed: no path, query, header or body.
 */
function traceRequests(fastify: FastifyInstance, sender: SpanSender): void {
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
