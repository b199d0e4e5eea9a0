import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Message {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const PATIENCE_MS = 5_000;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/**
 * Sends what `fetch` would refuse to.
 *
 * @throws {Error} when there is no whole answer within five seconds
 */
export function send(url: string, { method, path, headers, body }: Message): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { hostname, port } = new URL(url);
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = request({
      agent,
      hostname,
      port,
      method,
      path,
      headers: { ...headers, ...length },
      signal,
    });
    sent.once('error', (error) =>
      reject(signal.aborted ? new Error(`no answer within ${PATIENCE_MS / 1000} s`) : error),
    );
    sent.once('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      if (answered['content-type']?.startsWith('text/event-stream')) {
        sent.destroy();
        return resolve({ status, headers: answered, body: '' });
      }
      text(response).then((answer) => resolve({ status, headers: answered, body: answer }), reject);
    });
    sent.end(body);
  });
}

/** A body as JSON; undefined: it is none. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Ends what is kept open, so that the process can end. */
export function closeConnections(): void {
  agent.destroy();
}
