import { Pool, type PoolClient, type PoolConfig } from 'pg';

type ConnectCallback = Parameters<Pool['connect']>[0];

/** Nobody waits where as many wait already as may. */
export class PoolIsFullError extends Error {
  override readonly name = 'PoolIsFullError';

  constructor() {
    super('All database connections are in use, and as many requests wait for one as may');
  }
}

/** After the end of a connection, for whoever has it to give it back. */
const GRACE_MS = 1_000;

/**
 * A pool that refuses at once what would have to wait behind too many others. A connection that ends while it is in use
 * makes room for another even if it is never given back: Drizzle's `transaction` keeps one whose `begin` fails.
 */
export class BoundedPool extends Pool {
  /** @param maxWaiting how many may wait for a connection */
  constructor(
    config: PoolConfig,
    private readonly maxWaiting: number,
  ) {
    super(config);
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    const isFull = this.waitingCount >= this.maxWaiting && this.idleCount === 0;
    if (callback === undefined) return isFull ? Promise.reject(new PoolIsFullError()) : this.lend();
    if (isFull) callback(new PoolIsFullError(), undefined, () => undefined);
    else super.connect(callback);
  }
  private async lend(): Promise<PoolClient> {
    const client = await super.connect();
    const release = client.release.bind(client);
    const onEnd = () => setTimeout(() => client.release(true), GRACE_MS).unref();
    let isReleased = false;
    client.release = (reason) => {
      if (isReleased) return;
      isReleased = true;
      client.off('end', onEnd);
      release(reason);
    };
    return client.once('end', onEnd);
  }
}
