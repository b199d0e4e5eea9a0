import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Revocation } from '../revocation/revocation.js';

/** A replica of auth as its feed shows it, over real HTTP on a loopback port; each test says what it answers. */
export class FeedServer {
  readonly requests: IncomingMessage[] = [];
  /** Answers a follower: an empty snapshot unless told. */
  answer: (response: ServerResponse, request: IncomingMessage) => void = (response) => {
    response.write(FeedServer.event('snapshot'));
  };
  readonly #open = new Set<ServerResponse>();

  private constructor(private readonly server: Server) {}

  /** @param port any that is free, unless told */
  static async start(port = 0): Promise<FeedServer> {
    const server = createServer();
    const feed = new FeedServer(server);
    server.on('request', (request, response) => {
      feed.requests.push(request);
      feed.#open.add(response);
      response.on('close', () => feed.#open.delete(response));
      response.setHeader('content-type', 'text/event-stream');
      feed.answer(response, request);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return feed;
  }

  /** An event as auth writes it. */
  static event(name: 'snapshot' | 'revoked', ...revocations: Revocation[]): string {
    return `event: ${name}\ndata: ${JSON.stringify({ revocations })}\n\n`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/revocations`;
  }

  /** Writes to all who follow. */
  send(text: string | Uint8Array): void {
    for (const response of this.#open) response.write(text);
  }

  /** Ends at once, as a replica that is killed. */
  async cut(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }
}
