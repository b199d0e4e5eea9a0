import { InjectDatabase, type Database } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { and, asc, desc, eq, gt, gte, inArray, lt, sql } from 'drizzle-orm';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { pagesOf } from '../database/pages.js';
import { removeBatch } from '../database/statements.js';
import { auditEvents } from './audit.table.js';
import { siteOf } from './network.js';
import { originOf, type Requester } from './requester.js';

/** What is recorded of an event: who, from where, and how it went; never a secret. */
export type AuditEvent = Omit<typeof auditEvents.$inferInsert, 'id' | 'time'>;

export type RecordedEvent = typeof auditEvents.$inferSelect;

/** Which events are asked for; what is left out does not matter. */
export interface AuditFilter {
  readonly userId?: string | undefined;
  readonly event?: AuditEvent['event'] | undefined;
  readonly since?: Date | undefined;
  /** The id of an event: only older ones. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Events read at a time. */
const PAGE = 500;
/** For how long failed logins of a network to unknown addresses are counted before they become an event. */
const UNKNOWN_LOGINS_SECONDS = 3600;

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

  /** {@link record} for several, however many. */
  async recordAll(db: Pick<Database, 'insert'>, events: readonly AuditEvent[]): Promise<void> {
    for (let i = 0; i < events.length; i += PAGE)
      await db.insert(auditEvents).values(events.slice(i, i + PAGE));
  }

  /**
   * Adds a failed login to an address that no account has. One statement that writes, as for one that an account has: the
   * first of a network within {@link UNKNOWN_LOGINS_SECONDS} is an event, the others are counted.
   */
  async recordUnknownLogin(requester: Requester): Promise<void> {
    const { address, userAgent } = originOf(requester);
    await this.db.execute(sql`
      with counted as (
        insert into unknown_logins as u (network) values (${siteOf(address)})
        on conflict (network) do update set attempts = u.attempts + 1
        returning attempts)
      insert into audit_events (event, outcome, address, user_agent)
      select 'login', 'failed', ${address}::text, ${userAgent}::text from counted where attempts = 1`);
  }

  /**
   * Turns what was counted of unknown addresses into one event per network. Rows that another replica has locked are left
   * for it.
   *
   * @returns of how many networks
   */
  async recordCountedLogins(limit: number): Promise<number> {
    const { rowCount } = await this.db.execute(sql`
      with counted as (
        delete from unknown_logins where network in (
          select network from unknown_logins where since < now() - make_interval(secs => ${UNKNOWN_LOGINS_SECONDS}::int)
          limit ${limit} for update skip locked)
        returning network, attempts, since)
      , recorded as (
        insert into audit_events (event, outcome, address, subject)
        select 'login', 'failed', network, attempts - 1 || ' more to unknown addresses since '
          || to_char(since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        from counted where attempts > 1)
      select network from counted`);
    return rowCount ?? 0;
  }

  /** What is recorded of a person, the oldest first, a page at a time. */
  pagesOf(userId: string): AsyncGenerator<RecordedEvent[]> {
    return pagesOf(PAGE, (after) => {
      const filter = and(eq(auditEvents.userId, userId), after ? gt(auditEvents.id, after) : undefined);
      return this.db.select().from(auditEvents).where(filter).orderBy(asc(auditEvents.id)).limit(PAGE);
    });
  }

  /** Newest first. */
  list({ userId, event, since, before, limit }: AuditFilter): Promise<RecordedEvent[]> {
    const filter = and(
      userId === undefined ? undefined : eq(auditEvents.userId, userId),
      event === undefined ? undefined : eq(auditEvents.event, event),
      since === undefined ? undefined : gte(auditEvents.time, since),
      before === undefined ? undefined : lt(auditEvents.id, before),
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

  /** Removes what has been kept for `AUDIT_RETENTION_SECONDS`. */
  removeExpired(limit: number): Promise<number> {
    const { AUDIT_RETENTION_SECONDS: retention } = this.config;
    return this.db.transaction(async (tx) => {
      // What the trigger asks for: a deletion says how long events are kept, and takes no younger ones.
      await tx.execute(sql`select set_config('signet.audit_retention_seconds', ${String(retention)}, true)`);
      const isOver = sql`time < now() - make_interval(secs => ${retention}::int)`;
      return removeBatch(tx, auditEvents, auditEvents.id, isOver, limit);
    });
  }
}
