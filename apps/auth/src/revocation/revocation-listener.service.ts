import { BackgroundLoopsService, DatabaseConnection } from '@signet/service-kit';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client } from 'pg';
import { LiveRevocationsService } from './live-revocations.service.js';
import { CHANNEL } from './revocation-wake-up.service.js';
import { RevocationsRepository } from './revocations.repository.js';

/** A notification that was lost costs this much. */
const READ_EVERY_MS = 1_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Reads what other replicas revoke, over a connection of its own: a pool would take it away between statements. It
 * reads when it is notified, and from time to time as well: notifications can be lost with the connection, or with the
 * replica that was about to send one, and a reading also shows whether the connection is still there.
 */
@Injectable()
export class RevocationListenerService implements OnModuleInit {
  private readonly logger = new Logger('Revocations');
  private readonly isInStep = Promise.withResolvers<void>();
  private woken = Promise.withResolvers<void>();

  constructor(
    private readonly connection: DatabaseConnection,
    private readonly revocations: RevocationsRepository,
    private readonly live: LiveRevocationsService,
    private readonly loops: BackgroundLoopsService,
  ) {}

  /** A replica that does not know what is revoked is not ready. */
  async onModuleInit(): Promise<void> {
    this.loops.start({
      name: 'revocations',
      pauseMs: FIRST_PAUSE_MS,
      longestPauseMs: LONGEST_PAUSE_MS,
      round: (signal) => this.follow(signal),
      report: (error) => this.report(error),
    });
    await this.isInStep.promise;
  }

  /** Follows one connection to its end. */
  private async follow(signal: AbortSignal): Promise<void> {
    const wake = () => this.wake();
    signal.addEventListener('abort', wake);
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    const client = this.open(lost.reject);
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      const db = drizzle(client);
      for (let horizon: string | undefined; !signal.aborted;) {
        const began = performance.now();
        const read = await this.revocations.readFrom(db, horizon);
        horizon = read.horizon;
        this.live.add(read.entries);
        this.live.markCurrent(began);
        this.isInStep.resolve();
        await Promise.race([this.pause(), lost.promise]);
      }
    } finally {
      signal.removeEventListener('abort', wake);
      // Not waited for: over a connection that is dead the farewell would take for ever.
      void client.end().catch(() => undefined);
    }
  }

  private open(onLost: (reason: Error) => void): Client {
    const client = new Client({
      connectionString: this.connection.url,
      application_name: 'auth revocations',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    client.on('error', onLost);
    client.on('end', () => onLost(new Error('the database has ended it')));
    // Whatever it says: an older replica tells what it has revoked.
    client.on('notification', () => this.wake());
    return client;
  }

  /** Until the next notification, or for a second. One that came during the reading counts: it may have missed it. */
  private async pause(): Promise<void> {
    const timer = setTimeout(() => this.wake(), READ_EVERY_MS);
    await this.woken.promise;
    clearTimeout(timer);
    this.woken = Promise.withResolvers<void>();
  }

  private wake(): void {
    this.woken.resolve();
  }

  private report(error: unknown): void {
    const { code, message } = error as { code?: string; message?: string };
    this.logger.warn(`The connection for revocations is away: ${code ?? message}`);
  }
}
