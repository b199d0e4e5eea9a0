import { asc, count, eq, lt, sql, type SQL } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { AccountEvent } from '../account-event.js';
import { NotLeading, type AccountEventStore, type SetAsideEvent } from './account-event.store.js';
import {
  accountEventsLease,
  begunAccountEvents,
  handledAccountEvents,
  setAsideAccountEvents,
} from './account-events.tables.js';

type Database = Pick<
  NodePgDatabase<Record<string, unknown>>,
  'delete' | 'execute' | 'insert' | 'select' | 'update' | 'transaction'
>;

/**
 * A database of Drizzle's, by its methods alone: the package has a build of ES modules and one of CommonJS, and the types
 * of the one do not fit the other.
 */
export type DrizzleDatabase = { readonly [Method in keyof Database]: (...args: never[]) => unknown };

/** A transaction of Drizzle's, as handlers get it; in a CommonJS project take the type from your own database. */
export type DrizzleTransaction = Parameters<Parameters<Database['transaction']>[0]>[0];

const LEASE = 'receiver';
/** What is shown of an error; it may hold what a handler was given. */
const MAX_ERROR_LENGTH = 1_000;

/**
 * Keeps track of account events in the service's own PostgreSQL database, by Drizzle. The tables are
 * `handledAccountEvents`, `begunAccountEvents`, `setAsideAccountEvents` and `accountEventsLease`: export them where your
 * `drizzle-kit` looks for tables, and generate the migration.
 */
export class DrizzleAccountEventStore implements AccountEventStore<DrizzleTransaction> {
  private readonly db: Database;

  constructor(db: DrizzleDatabase) {
    this.db = db as Database;
  }

  async lead(holder: string, seconds: number): Promise<boolean> {
    const until = sql`clock_timestamp() + make_interval(secs => ${seconds}::float8)`;
    const held = await this.db
      .insert(accountEventsLease)
      .values({ name: LEASE, holder, until })
      .onConflictDoUpdate({
        target: accountEventsLease.name,
        set: { holder, until },
        setWhere: sql`${accountEventsLease.holder} = ${holder} or ${accountEventsLease.until} < clock_timestamp()`,
      })
      .returning({ holder: accountEventsLease.holder });
    return held.length > 0;
  }

  async resign(holder: string): Promise<void> {
    await this.db.delete(accountEventsLease).where(eq(accountEventsLease.holder, holder));
  }

  async begin(jti: string, holder: string): Promise<number> {
    const { rows } = await this.db.execute<{ attempts: number }>(counting(jti, holder));
    if (rows[0] === undefined) throw new NotLeading();
    return rows[0].attempts;
  }

  async listBegun(): Promise<ReadonlyMap<string, number>> {
    const { jti, attempts } = begunAccountEvents;
    const rows = await this.db.select({ jti, attempts }).from(begunAccountEvents);
    return new Map(rows.map((row) => [row.jti, row.attempts]));
  }

  async once(jti: string, holder: string, work: (tx: DrizzleTransaction) => Promise<void>): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ leads: boolean; noted: boolean }>(noting(jti, holder));
      const [{ leads, noted } = { leads: false, noted: false }] = rows;
      if (!leads) throw new NotLeading();
      if (!noted) return false;
      await work(tx);
      return true;
    });
  }

  async setAside(event: AccountEvent, error: string, attempts: number): Promise<void> {
    const row = { error: error.replaceAll('\0', '').slice(0, MAX_ERROR_LENGTH), attempts };
    await this.db.transaction(async (tx) => {
      await tx.delete(begunAccountEvents).where(eq(begunAccountEvents.jti, event.jti));
      await tx
        .insert(setAsideAccountEvents)
        .values({ jti: event.jti, event, ...row })
        .onConflictDoUpdate({
          target: setAsideAccountEvents.jti,
          set: { ...row, isRetried: false, setAsideAt: sql`now()` },
        });
    });
  }

  async listSetAside(limit: number): Promise<SetAsideEvent[]> {
    const rows = await this.db
      .select()
      .from(setAsideAccountEvents)
      .orderBy(asc(setAsideAccountEvents.setAsideAt), asc(setAsideAccountEvents.jti))
      .limit(limit);
    return rows.map(({ event, error, attempts, setAsideAt, isRetried }) => ({
      // Dates are texts in JSON.
      event: Object.assign(event, { issuedAt: new Date(event.issuedAt) }),
      error,
      attempts,
      setAsideAt,
      isRetried,
    }));
  }

  async countSetAside(): Promise<number> {
    const [row] = await this.db.select({ count: count() }).from(setAsideAccountEvents);
    return row?.count ?? 0;
  }

  async retry(jti?: string): Promise<number> {
    const retried = await this.db
      .update(setAsideAccountEvents)
      .set({ isRetried: true })
      .where(jti === undefined ? undefined : eq(setAsideAccountEvents.jti, jti))
      .returning({ jti: setAsideAccountEvents.jti });
    return retried.length;
  }

  async forgetHandled(olderThanSeconds: number): Promise<void> {
    const limit = sql`now() - make_interval(secs => ${olderThanSeconds}::float8)`;
    await this.db.delete(handledAccountEvents).where(lt(handledAccountEvents.handledAt, limit));
    await this.db.delete(begunAccountEvents).where(lt(begunAccountEvents.begunAt, limit));
  }
}

/**
 * What must survive is the end of this process, not that of the database: the commit does not wait for the disk, which
 * would halve how many events can be handled.
 */
function counting(jti: string, holder: string): SQL {
  return sql`
    with hurry as (select set_config('synchronous_commit', 'off', true)), lease as (${leaseOf(holder)})
    insert into account_events_begun as begun (jti) select ${jti}::text from hurry, lease
    on conflict (jti) do update set attempts = begun.attempts + 1, begun_at = now() returning attempts`;
}

/** One statement: whether the replica still leads, and whether the event is new. Another call for it is waited for. */
function noting(jti: string, holder: string): SQL {
  return sql`
    with lease as (${leaseOf(holder)}), noted as (
      insert into account_events_handled (jti) select ${jti}::text from lease
      on conflict (jti) do nothing returning jti
    ), back as (
      delete from account_events_set_aside where jti in (select jti from noted)
    ), ended as (
      delete from account_events_begun where jti = ${jti} and exists (select from lease)
    )
    select exists (select from lease) as leads, exists (select from noted) as noted`;
}

function leaseOf(holder: string): SQL {
  return sql`select 1 from account_events_lease
    where name = ${LEASE} and holder = ${holder} and until > clock_timestamp()`;
}
