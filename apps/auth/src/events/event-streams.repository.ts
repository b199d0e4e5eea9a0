import { InjectDatabase, type Database, type Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { eq, sql } from 'drizzle-orm';
import { eventStreams } from './event-streams.table.js';

export type EventStream = typeof eventStreams.$inferSelect;

/** What a receiver chooses about its stream. */
export type StreamChanges = Partial<Pick<EventStream, 'eventsRequested' | 'description'>>;

/** How far `polled_at` may be behind. */
const POLLED_PRECISION_SECONDS = 10;

@Injectable()
export class EventStreamsRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  async find(clientId: string): Promise<EventStream | undefined> {
    const [stream] = await this.db.select().from(eventStreams).where(eq(eventStreams.clientId, clientId));
    return stream;
  }

  list(): Promise<EventStream[]> {
    return this.db.select().from(eventStreams).orderBy(eventStreams.clientId);
  }

  /** Opens a client's stream, unless it has one. @returns whether it is new */
  async open(
    clientId: string,
    changes: StreamChanges = {},
    db: Pick<Database, 'insert'> = this.db,
  ): Promise<boolean> {
    const { rowCount } = await db
      .insert(eventStreams)
      .values({ clientId, ...changes })
      .onConflictDoNothing({ target: eventStreams.clientId });
    return rowCount === 1;
  }

  async change(clientId: string, changes: StreamChanges): Promise<EventStream | undefined> {
    const [stream] = await this.db
      .update(eventStreams)
      .set(changes)
      .where(eq(eventStreams.clientId, clientId))
      .returning();
    return stream;
  }

  /** Closes a client's stream; what waits in it goes with it. */
  async close(clientId: string, db: Pick<Database, 'delete'> = this.db): Promise<void> {
    await db.delete(eventStreams).where(eq(eventStreams.clientId, clientId));
  }

  async markPolled(clientId: string): Promise<void> {
    await this.db.execute(sql`
      update event_streams set polled_at = now() where client_id = ${clientId} and
        (polled_at is null or polled_at < now() - make_interval(secs => ${POLLED_PRECISION_SECONDS}))`);
  }

  /** Takes the turn to verify a stream. @returns whether the last one is long enough ago */
  async askVerification(tx: Transaction, clientId: string, intervalSeconds: number): Promise<boolean> {
    const { rowCount } = await tx.execute(sql`
      update event_streams set verification_asked_at = now() where client_id = ${clientId} and
        (verification_asked_at is null
          or verification_asked_at < now() - make_interval(secs => ${intervalSeconds}::int))`);
    return rowCount === 1;
  }
}
