import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';

/** A client that acts for a user at an audience. */
export interface ActingClient {
  readonly userId: string;
  readonly sessionId: string;
  /** The client, and behind it those that acted before. */
  readonly actors: readonly string[];
  readonly audience: string;
}

/** Sessions whose clients are remembered here; more are looked up in the log. */
const MAX_KNOWN = 50_000;

/**
 * Records which services have acted in a session: once for each chain of clients and audience, as a service may exchange a
 * token with every request.
 */
@Injectable()
export class ExchangeAuditRepository {
  private readonly known = new Set<string>();

  constructor(@InjectDatabase() private readonly db: Database) {}

  async recordOnce({ userId, sessionId, actors, audience }: ActingClient): Promise<void> {
    const doer = actors.join(' ');
    const key = JSON.stringify([sessionId, doer, audience]);
    if (this.known.has(key)) return;
    const isTheEvent = sql`user_id = ${userId}::uuid and session_id = ${sessionId}::uuid
      and event = 'token_exchanged' and doer = ${doer}::text and subject = ${audience}::text`;
    await this.db.execute(sql`
      insert into audit_events (event, outcome, user_id, session_id, doer, subject)
      select 'token_exchanged', 'ok', ${userId}::uuid, ${sessionId}::uuid, ${doer}::text, ${audience}::text
      where not exists (select from audit_events where ${isTheEvent})`);
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.add(key);
  }
}
