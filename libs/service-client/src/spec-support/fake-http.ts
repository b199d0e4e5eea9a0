import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

/** A request as a server saw it. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** A server on this machine that remembers what it was asked. */
export class FakeServer {
  readonly seen: SeenRequest[] = [];
  answer: Answer;

  private constructor(
    answer: Answer,
    private readonly server = createServer(),
  ) {
    this.answer = answer;
    server.on('request', (request, response) => void this.handle(request, response));
  }

  static async start(answer: Answer): Promise<FakeServer> {
    const fake = new FakeServer(answer);
    fake.server.listen(0, '127.0.0.1');
    await once(fake.server, 'listening');
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many are open. */
  connections(): Promise<number> {
    return promisify(this.server.getConnections.bind(this.server))();
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    const seen = { method, url, headers, body: await text(request) };
    this.seen.push(seen);
    await this.answer(seen, response);
  }
}

export function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** An auth that issues `token-1`, `token-2` and so on. */
export async function fakeAuth(expiresIn = 300): Promise<FakeServer> {
  let count = 0;
  return FakeServer.start((_, response) =>
    json(response, 200, { access_token: `token-${++count}`, token_type: 'Bearer', expires_in: expiresIn }),
  );
}
