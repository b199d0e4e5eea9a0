import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves a JWK set over real HTTP on a loopback port, and can fail in every way that a real server does. */
export class JwksServer {
  /** Requests that have come in, answered or not. */
  requests = 0;
  /** While set, connections are closed without an answer. */
  outage = false;
  /** While set, answers instead. */
  answer: RequestListener | undefined;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /**
   * @param keys asked for each answer
   * @param maxAge seconds, asked for each answer
   */
  static async start(keys: () => readonly unknown[], maxAge: () => number): Promise<JwksServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const jwks = new JwksServer(server, `http://127.0.0.1:${port}/.well-known/jwks.json`);
    server.on('request', (request, response) => {
      jwks.requests++;
      if (jwks.outage) return request.socket.destroy();
      if (jwks.answer) return jwks.answer(request, response);
      response.setHeader('content-type', 'application/json');
      response.setHeader('cache-control', `public, max-age=${maxAge()}`);
      return response.end(JSON.stringify({ keys: keys() }));
    });
    return jwks;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
