import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { RunningService } from './service.js';

/** A client that writes whatever a test likes. */
export class RawSocket {
  received = '';
  /** Resolves when the server has ended the connection, in whatever way. */
  readonly closed: Promise<unknown>;

  private constructor(private readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined).on('data', (chunk) => (this.received += chunk.toString('latin1')));
  }

  static async open({ url }: Pick<RunningService, 'url'>): Promise<RawSocket> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const client = new RawSocket(socket);
    await once(socket, 'connect');
    return client;
  }

  get isOpen(): boolean {
    return !this.socket.destroyed;
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Reads nothing more, as a client that wants to keep a server's answers waiting. */
  pause(): void {
    this.socket.pause();
  }

  /** Everything received, once it holds `text`. */
  async receives(text: string): Promise<string> {
    while (!this.received.includes(text)) await once(this.socket, 'data');
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }
}
