import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { close, listen } from './listen.js';

/** A span as OTLP/HTTP carries it in JSON. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly status: { readonly code?: number };
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes'> & { attributes: readonly Attribute[] })[];
    }[];
  }[];
}

/** Takes traces as a collector does (OTLP 1.7, JSON over HTTP), and keeps them. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Everything that has come: paths and bodies. */
  raw = '';
  url = '';
  private readonly server = createServer((request, response) => void this.receive(request, response));

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    receiver.url = await listen(receiver.server);
    return receiver;
  }

  close(): Promise<void> {
    return close(this.server);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await json(request);
    this.raw += JSON.stringify([request.url, body]);
    if (request.url === '/v1/traces') this.take(body as Export);
    response.setHeader('content-type', 'application/json').end('{}');
  }

  private take({ resourceSpans }: Export): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(valuesOf(resource.attributes)['service.name']);
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        this.spans.push({ ...span, service, attributes: valuesOf(span.attributes) });
      }
    }
  }
}

function valuesOf(attributes: readonly Attribute[]): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']),
  );
}
