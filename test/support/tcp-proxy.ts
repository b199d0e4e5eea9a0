import { connect, createServer, type Socket } from 'node:net';
import { close, listen } from './listen.js';

/**
 * Stands in front of servers and knows nothing of what is said to them: new connections go to each in turn, and to the
 * next one when a server does not take them. A test can have it fail in the ways that networks, databases and load
 * balancers do.
 */
export class TcpProxy {
  /** The first server as it was given, seen through this. */
  url = '';
  /** How many connections have been begun so far. */
  connections = 0;
  private state: 'whole' | 'silent' | 'resetting' = 'whole';
  private turn = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer({ pauseOnConnect: true }, (near) => void this.join(near));

  /** @param targets URLs of the servers; may be changed at any time */
  private constructor(public targets: readonly string[]) {}

  static async to(...targets: readonly string[]): Promise<TcpProxy> {
    const proxy = new TcpProxy(targets);
    const own = await listen(proxy.server);
    const url = new URL(targets[0] ?? own);
    url.host = new URL(own).host;
    proxy.url = url.href.replace(/(?<=:\d+)\/$/, '');
    return proxy;
  }

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

  /** What has waited on connections that no end has given up arrives now, as TCP sends it again. */
  heal(): void {
    this.state = 'whole';
    for (const socket of this.sockets) socket.resume();
  }

  /** As when a server has ended: every connection is cut off, and each new one refused. */
  async shut(): Promise<void> {
    const closed = close(this.server);
    this.cutOff();
    await closed;
  }

  /** Takes new connections again; those from before are gone. */
  async reopen(): Promise<void> {
    this.state = 'whole';
    this.cutOff();
    if (!this.server.listening) await listen(this.server, Number(new URL(this.url).port));
  }

  async close(): Promise<void> {
    if (this.server.listening) await this.shut();
  }

  private cutOff(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private async join(near: Socket): Promise<void> {
    this.connections++;
    if (this.state === 'resetting') return void near.resetAndDestroy();
    this.keep(near);
    const far = await this.reach();
    if (!far) return void near.destroy();
    this.keep(far);
    this.carry(near, far);
    this.carry(far, near);
  }

  private async reach(): Promise<Socket | undefined> {
    const { targets, turn } = this;
    this.turn++;
    for (let i = 0; i < targets.length; i++) {
      const { hostname, port } = new URL(targets[(turn + i) % targets.length] ?? '');
      const socket = connect(Number(port || 5432), hostname);
      const isConnected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      });
      if (isConnected) return socket;
    }
    return undefined;
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket.on('error', () => undefined));
    socket.once('close', () => this.sockets.delete(socket));
  }

  /** A paused socket does not tell that its other end has gone, either. */
  private carry(from: Socket, to: Socket): void {
    from.on('data', (chunk) => to.write(chunk));
    // What was written before still arrives.
    from.on('close', () => to.destroySoon());
    if (from.destroyed) to.destroySoon();
    else if (this.state === 'silent') from.pause();
    else from.resume();
  }
}
