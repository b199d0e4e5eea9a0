import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a service and its database: open, shut, or so that nothing gets through and nobody says so. */
export class DatabaseDoor {
  readonly url: string;
  private readonly sockets = new Set<Socket>();
  private isSilent = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    this.url = url.href;
    server.on('connection', (socket) => this.lead(socket));
  }

  static async open(databaseUrl: string): Promise<DatabaseDoor> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DatabaseDoor(server, new URL(databaseUrl));
  }

  /** Cuts off everybody, and refuses whoever comes. */
  async shut(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** After {@link shut} or {@link fallSilent}. */
  async reopen(): Promise<void> {
    this.isSilent = false;
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) return;
    this.server.listen(Number(new URL(this.url).port), '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** From now on nothing comes through, as when a cable is cut. */
  fallSilent(): void {
    this.isSilent = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  private lead(outside: Socket): void {
    this.keep(outside);
    if (this.isSilent) return;
    const inside = connect(Number(this.target.port || 5432), this.target.hostname);
    this.keep(inside);
    outside.pipe(inside).pipe(outside);
    outside.once('close', () => inside.destroy());
    inside.once('close', () => outside.destroy());
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket.on('error', () => undefined));
    socket.once('close', () => this.sockets.delete(socket));
  }
}
