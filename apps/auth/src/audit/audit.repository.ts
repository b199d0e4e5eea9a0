import { InjectDatabase, type Database } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { and, asc, desc, eq, gte, inArray, sql } from 'drizzle-orm';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { auditEvents } from './audit.table.js';

/** What is recorded of an event: who, from where, and how it went; never a secret. */
export type AuditEvent = Omit<typeof auditEvents.$inferInsert, 'id' | 'time'>;

export type RecordedEvent = typeof auditEvents.$inferSelect;

/** Which events are asked for; what is left out does not matter. */
export interface AuditFilter {
  readonly userId?: string | undefined;
  readonly event?: AuditEvent['event'] | undefined;
  readonly since?: Date | undefined;
  readonly limit: number;
}

/** The append-only record of security events; the database itself refuses to change it (see the migrations). */
@Injectable()
export class AuditRepository {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {}

  /**
   * Adds to the record.
   *
   * @param db the transaction that does what is recorded, so that there is neither without the other; the database
   * itself for what changes nothing, such as a login that failed
   */
  async record(db: Pick<Database, 'insert'>, event: AuditEvent): Promise<void> {
    await db.insert(auditEvents).values(event);
  }

  /** What is recorded of a person, the oldest first. */
  listOf(userId: string): Promise<RecordedEvent[]> {
    return this.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.userId, userId))
      .orderBy(asc(auditEvents.id));
  }

  /** Newest first. */
  list({ userId, event, since, limit }: AuditFilter): Promise<RecordedEvent[]> {
    const filter = and(
      userId === undefined ? undefined : eq(auditEvents.userId, userId),
      event === undefined ? undefined : eq(auditEvents.event, event),
      since === undefined ? undefined : gte(auditEvents.time, since),
    );
    return this.db.select().from(auditEvents).where(filter).orderBy(desc(auditEvents.id)).limit(limit);
  }

  /** Which of these ids belonged to accounts that were deleted, as far back as events are kept. */
  async deletedAmong(userIds: readonly string[]): Promise<Set<string>> {
    const isDeletion = and(eq(auditEvents.event, 'account_deleted'), eq(auditEvents.outcome, 'ok'));
    const rows = await this.db
      .select({ userId: auditEvents.userId })
      .from(auditEvents)
      .where(and(isDeletion, inArray(auditEvents.userId, [...userIds])));
    return new Set(rows.flatMap(({ userId }) => (userId === null ? [] : [userId])));
  }

  /**
   * Removes what has been kept for `AUDIT_RETENTION_SECONDS`. Rows that another replica has locked are left for it.
   *
   * @returns how many were removed
   */
  removeExpired(limit: number): Promise<number> {
    const { AUDIT_RETENTION_SECONDS: retention } = this.config;
    return this.db.transaction(async (tx) => {
      // What the trigger asks for: a deletion says how long events are kept, and takes no younger ones.
      await tx.execute(sql`select set_config('signet.audit_retention_seconds', ${String(retention)}, true)`);
      const { rowCount } = await tx.execute(sql`
        delete from audit_events where id in (
          select id from audit_events where time < now() - make_interval(secs => ${retention}::int)
          limit ${limit} for update skip locked)`);
      return rowCount ?? 0;
    });
  }
}
