/** The only file that imports OpenTelemetry, so that it is loaded with this one: by `import()`, when it is wanted. */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import { parseTraceParent, setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';

/** For one batch, tries included. */
const EXPORT_TIMEOUT_MS = 5_000;
/** The end of a service does not wait longer for a receiver that does not answer. */
const FAREWELL_MS = 2_000;
/** Between two lines about a receiver that is away. */
const COMPLAINT_PAUSE_MS = 60_000;

/** A server span that has begun. */
export interface RequestSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** @param status of the answer; `undefined` when there was nobody left to answer */
  end(status: number | undefined): void;
}

/** Makes spans, named as OpenTelemetry's conventions for HTTP say, and sends them in batches as OTLP JSON. */
export class SpanSender {
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;
  private readonly logger = new Logger('Tracing');
  private complainedAt = -Infinity;

  constructor(service: string, endpoint: string) {
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
    this.provider = new TracerProvider({
      resource: defaultResource().merge(resourceFromAttributes({ 'service.name': service })),
      spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS })],
    });
    this.tracer = this.provider.getTracer('signet');
    setGlobalErrorHandler((error) => this.complain(error));
  }

  /**
   * @param route the template; `undefined`: there is none
   * @param parent `traceparent`; what is not one counts for nothing. `tracestate` is not carried on, as anything
   * can be written into it
   */
  begin(method: string, route: string | undefined, parent: unknown): RequestSpan {
    const span = this.tracer.startSpan(
      route === undefined ? method : `${method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': method, ...(route !== undefined && { 'http.route': route }) },
      },
      parentContext(parent),
    );
    const { traceId, spanId } = span.spanContext();
    return { traceId, spanId, end: (status) => end(span, status) };
  }

  /** Sends what has not been sent, as far as that is quickly possible. */
  async close(): Promise<void> {
    const limit = new AbortController();
    const shutdown = this.provider.shutdown().catch((error: unknown) => this.complain(error));
    await Promise.race([shutdown, delay(FAREWELL_MS, undefined, { signal: limit.signal })]);
    limit.abort();
  }

  /** In our own words: an error of the exporter repeats what the receiver has answered. */
  private complain(error: unknown): void {
    if (Date.now() - this.complainedAt < COMPLAINT_PAUSE_MS) return;
    this.complainedAt = Date.now();
    const { code } = error as { code?: unknown };
    const reason = typeof code === 'string' || typeof code === 'number' ? ` (${code})` : '';
    this.logger.warn(`Spans could not be sent${reason}`);
  }
}

function parentContext(parent: unknown) {
  const remote = typeof parent === 'string' ? parseTraceParent(parent) : null;
  return remote ? trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true }) : ROOT_CONTEXT;
}

function end(span: Span, status: number | undefined): void {
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (status === undefined || status >= 500) {
    span.setAttribute('error.type', status === undefined ? 'aborted' : String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
