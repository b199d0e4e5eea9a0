import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves a JWK set over real HTTP on a loopback port, and can fail in every way that a real server does. */
export class JwksServer {
  /** Requests that have come in, answered or not. */
  requests = 0;
  /** While set, connections are closed without an answer. */
  outage = false;
  /** While set, answers instead. */
  answer: RequestListener | undefined;
  /** What the set holds, asked for each answer. */
  keys: () => readonly unknown[] = () => [];

  readonly #server = createServer((request, response) => {
    this.requests++;
    if (this.outage) return request.socket.destroy();
    if (this.answer) return this.answer(request, response);
    const headers = { 'content-type': 'application/json', 'cache-control': `public, max-age=${this.maxAge}` };
    return response.writeHead(200, headers).end(JSON.stringify({ keys: this.keys() }));
  });

  private constructor(public maxAge: number) {}

  /** @param maxAge seconds that the set may be held for */
  static async start(maxAge: number): Promise<JwksServer> {
    const jwks = new JwksServer(maxAge);
    jwks.#server.listen(0, '127.0.0.1');
    await once(jwks.#server, 'listening');
    return jwks;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/.well-known/jwks.json`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
