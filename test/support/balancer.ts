import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * What stands in front of replicas: new connections go to each in turn, and to the next one when a replica does not
 * take them. Knows nothing of HTTP.
 */
export class Balancer {
  private turn = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** URLs of the replicas; may be changed at any time. */
    public targets: readonly string[],
  ) {}

  static async over(targets: readonly string[]): Promise<Balancer> {
    const server = createServer();
    const balancer = new Balancer(server, targets);
    server.on('connection', (socket) => void balancer.serve(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(client: Socket): Promise<void> {
    this.keep(client);
    const replica = await this.reach();
    if (!replica) return void client.destroy();
    this.keep(replica);
    client.pipe(replica).pipe(client);
    client.on('close', () => replica.destroy());
    replica.on('close', () => client.destroy());
  }

  private async reach(): Promise<Socket | undefined> {
    const first = this.turn++;
    const { targets } = this;
    for (let i = 0; i < targets.length; i++) {
      const { hostname, port } = new URL(targets[(first + i) % targets.length] ?? '');
      const socket = connect(Number(port), hostname);
      const isConnected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      });
      if (isConnected) return socket;
    }
    return undefined;
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }
}
