import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A stretch of network in front of a service, which a test can cut in both ways that networks fail. */
export class NetworkLink {
  private state: 'whole' | 'silent' | 'resetting' = 'whole';
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer({ pauseOnConnect: true }, (near) => this.join(near));

  private constructor(private readonly target: URL) {}

  /** @param url of the service at the far end */
  static async to(url: string): Promise<NetworkLink> {
    const link = new NetworkLink(new URL(url));
    link.server.listen(0, '127.0.0.1');
    await once(link.server, 'listening');
    return link;
  }

  /** The service, seen through this link. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many connections have been begun so far. */
  connections = 0;

  /** As when a cable is pulled: nothing gets through, in either direction, and neither end is told. */
  fallSilent(): void {
    this.state = 'silent';
    for (const socket of this.sockets) socket.pause();
  }

  /** As when a firewall restarts: every connection is reset, and each new one as well. */
  reset(): void {
    this.state = 'resetting';
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** What has waited on connections that nobody has given up arrives now, as TCP sends it again. */
  heal(): void {
    this.state = 'whole';
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.reset();
    await closed;
  }

  private join(near: Socket): void {
    this.connections++;
    if (this.state === 'resetting') return void near.resetAndDestroy();
    const far = connect(Number(this.target.port), this.target.hostname);
    this.carry(near, far);
    this.carry(far, near);
  }

  /** A paused socket does not tell that its other end has gone, either. */
  private carry(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('error', () => undefined);
    from.on('data', (chunk) => to.write(chunk));
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    if (this.state === 'silent') from.pause();
    else from.resume();
  }
}
