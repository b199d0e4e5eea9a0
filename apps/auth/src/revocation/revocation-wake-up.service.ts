import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { sql } from 'drizzle-orm';

/** Where notifications travel. */
export const CHANNEL = 'revocations';

/** An empty list in the words of older replicas, which read what a notification says. */
const PAYLOAD = '{"revocations":[]}';

/**
 * PostgreSQL takes a lock of the whole server for each transaction that notifies, until its commit is on the disk:
 * without a pause nothing else of what is revoked could be written meanwhile.
 */
const PAUSE_MS = 20;

/** Wakes the other replicas, which then read what was revoked: at most once in a while from each replica. */
@Injectable()
export class RevocationWakeUpService implements OnModuleDestroy {
  private readonly logger = new Logger('Revocations');
  private lastAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(@InjectDatabase() private readonly db: Database) {}

  onModuleDestroy(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /**
   * Has the others woken by the commit of a transaction.
   *
   * @returns whether they will be; if not, it is up to {@link soon} after the commit
   */
  async within(tx: Transaction): Promise<boolean> {
    if (performance.now() < this.lastAt + PAUSE_MS) return false;
    this.lastAt = performance.now();
    await tx.execute(sql`select pg_notify(${CHANNEL}, ${PAYLOAD})`);
    return true;
  }

  /** Wakes the others as soon as the pause is over, once for everything that was committed until then. */
  soon(): void {
    if (this.timer !== undefined || this.isStopped) return;
    const pause = Math.max(0, this.lastAt + PAUSE_MS - performance.now());
    this.timer = setTimeout(() => void this.wake(), pause).unref();
  }

  /** Should it fail, the others find out by themselves when they read the next time. */
  private async wake(): Promise<void> {
    this.timer = undefined;
    this.lastAt = performance.now();
    await this.db
      .execute(sql`select pg_notify(${CHANNEL}, ${PAYLOAD})`)
      .catch((error: unknown) => this.logger.warn(error));
  }
}
