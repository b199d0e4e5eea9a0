import { once } from 'node:events';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './self-signed.js';

/**
 * What ends TLS in front of a service, as a proxy does that was told nothing more: the service hears neither of TLS nor
 * of the host that was asked for.
 */
export class TlsFront {
  /** Where the service is. */
  target = '';
  /** Hosts of the attacker, and what they answer. */
  readonly hosts = new Map<string, { readonly body: string; readonly cookies?: readonly string[] }>();
  private readonly server: Server = createServer(selfSigned('signet.test'), (incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const own = this.hosts.get(headers.host?.split(':', 1)[0] ?? '');
    if (own) {
      outgoing.writeHead(200, { 'content-type': 'text/html', 'set-cookie': [...(own.cookies ?? [])] });
      return outgoing.end(own.body);
    }
    const { host, hostname, port } = new URL(this.target);
    const passed = request({ hostname, port, path, method, headers: { ...headers, host } }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    return incoming.pipe(passed);
  });

  static async open(): Promise<TlsFront> {
    const front = new TlsFront();
    await once(front.server.listen(0), 'listening');
    return front;
  }

  originOf(host: string): string {
    return `https://${host}:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
