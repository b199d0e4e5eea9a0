import { parseRevocations } from '@signet/jwt-shared';
import { BackgroundLoops, DatabaseConnection } from '@signet/service-kit';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { drizzle } from 'drizzle-orm/node-postgres';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { LiveRevocations } from './live-revocations.js';
import { CHANNEL, RevocationsRepository } from './revocations.repository.js';

/** A notification that was lost costs this much. */
const READ_EVERY_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Hears of what other replicas revoke, over a connection of its own: a pool would take it away between statements.
 * As notifications can be lost with the connection, the table is read from time to time as well, over the same
 * connection, which also shows whether it is still there.
 */
@Injectable()
export class RevocationListener implements OnModuleInit {
  private readonly logger = new Logger('Revocations');
  private readonly isInStep = Promise.withResolvers<void>();

  constructor(
    private readonly connection: DatabaseConnection,
    private readonly revocations: RevocationsRepository,
    private readonly live: LiveRevocations,
    private readonly loops: BackgroundLoops,
  ) {}

  /** A replica that does not know what is revoked lets nobody in: it is not ready before. */
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
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    const client = this.open(lost.reject);
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      const db = drizzle(client);
      for (let horizon: string | undefined; ;) {
        const began = performance.now();
        const read = await this.revocations.readFrom(db, horizon);
        horizon = read.horizon;
        this.live.add(read.entries);
        this.live.markCurrent(began);
        this.isInStep.resolve();
        const pause = delay(READ_EVERY_MS, undefined, { signal });
        pause.catch(() => undefined); // it may be cut short when nobody waits for it any more
        await Promise.race([pause, lost.promise]);
      }
    } finally {
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
    client.on('notification', ({ payload = '' }) => this.hear(payload));
    return client;
  }

  private hear(payload: string): void {
    try {
      this.live.add(parseRevocations(payload));
    } catch {
      this.logger.warn('A notification was not understood; what it was about is read from the table');
    }
  }

  private report(error: unknown): void {
    const { code, message } = error as { code?: string; message?: string };
    this.logger.warn(`The connection for revocations is away: ${code ?? message}`);
  }
}
