import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { SpanSender } from './span-sender.js';
import { traceRequests } from './trace-requests.js';

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
