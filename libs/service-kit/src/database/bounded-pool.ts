import { Pool, type PoolClient, type PoolConfig } from 'pg';

type ConnectCallback = Parameters<Pool['connect']>[0];

/** Nobody waits where as many wait already as may. */
export class PoolIsFullError extends Error {
  override readonly name = 'PoolIsFullError';

  constructor() {
    super('All database connections are in use, and as many requests wait for one as may');
  }
}

/** A pool that refuses at once what would have to wait behind too many others. */
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
    if (callback === undefined) return isFull ? Promise.reject(new PoolIsFullError()) : super.connect();
    if (isFull) callback(new PoolIsFullError(), undefined, () => undefined);
    else super.connect(callback);
  }
}
