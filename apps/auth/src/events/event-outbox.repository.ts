import {
  InjectDatabase,
  readFromHorizon,
  THIS_TRANSACTION,
  type Database,
  type Transaction,
} from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { accountEvents, type OutboxEvent } from './account-events.table.js';

/** How many events of a client something was done to. */
export type ClientCount = Readonly<{ clientId: string; count: number }>;

/** The events that wait to be delivered. */
@Injectable()
export class EventOutboxRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /** What a receiver has not acknowledged, the oldest first. */
  listUnacknowledged(clientId: string, limit: number): Promise<OutboxEvent[]> {
    return this.db
      .select()
      .from(accountEvents)
      .where(and(eq(accountEvents.clientId, clientId), isNull(accountEvents.setAsideAt)))
      .orderBy(asc(accountEvents.seq))
      .limit(limit);
  }

  /**
   * Keeps events for this transaction before it changes some of them: polls of the same events, in whatever order,
   * wait for each other.
   */
  async lock(tx: Transaction, clientId: string, jtis: readonly string[]): Promise<void> {
    const isOne = ofClient(clientId, jtis);
    await tx.execute(sql`select from ${accountEvents} where ${isOne} order by seq for update`);
  }

  /** Removes what a receiver has acknowledged of its own stream, what had been set aside too. */
  async removeAcknowledged(tx: Transaction, clientId: string, jtis: readonly string[]): Promise<void> {
    await tx.delete(accountEvents).where(ofClient(clientId, jtis));
  }

  /** Sets an event aside that its receiver could not take, for that reason (RFC 8936 §2.4.4). */
  async setAsideFailed(
    tx: Transaction,
    clientId: string,
    jti: string,
    reason: { readonly code: string; readonly description: string | null },
  ): Promise<void> {
    await tx
      .update(accountEvents)
      .set({ setAsideAt: sql`now()`, setAsideBecause: reason.code, setAsideDetail: reason.description })
      .where(and(ofClient(clientId, [jti]), isNull(accountEvents.setAsideAt)));
  }

  /** Adds an event about the stream itself, for its receiver alone. */
  async addVerification(
    tx: Transaction,
    clientId: string,
    type: string,
    claims: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await tx.insert(accountEvents).values({ clientId, type, claims, txn: sql`gen_random_uuid()` });
  }

  /**
   * Tells for which clients transactions from `horizon` on have written events, together with the next horizon
   * ({@link readFromHorizon}).
   */
  async changedSince(horizon?: string): Promise<{ clientIds: string[]; horizon: string }> {
    const changed = await readFromHorizon(
      this.db,
      (isNew) =>
        sql<{ client_id: string }>`
          select distinct client_id from account_events where ${isNew} and set_aside_at is null`,
      horizon ?? null,
    );
    return { clientIds: changed.rows.map(({ client_id }) => client_id), horizon: changed.horizon };
  }

  /** Sets aside what no receiver has acknowledged for so long. @returns how many of which client */
  async setAsideExpired(retentionSeconds: number, limit: number): Promise<ClientCount[]> {
    const { rows } = await this.db.execute<ClientCount>(sql`
      with expired as (
        select seq from account_events
        where set_aside_at is null and waits_since < now() - make_interval(secs => ${retentionSeconds}::int)
        order by seq limit ${limit} for update skip locked
      ), changed as (
        update account_events set set_aside_at = now(), set_aside_because = 'expired'
        where seq in (select seq from expired) returning client_id
      )
      select client_id as "clientId", count(*)::int as count from changed group by client_id`);
    return rows;
  }

  /** Removes what was set aside so long ago. @returns how many of which client */
  async removeSetAside(retentionSeconds: number, limit: number): Promise<ClientCount[]> {
    const { rows } = await this.db.execute<ClientCount>(sql`
      with old as (
        select seq from account_events
        where set_aside_at < now() - make_interval(secs => ${retentionSeconds}::int)
        limit ${limit} for update skip locked
      ), removed as (delete from account_events where seq in (select seq from old) returning client_id)
      select client_id as "clientId", count(*)::int as count from removed group by client_id`);
    return rows;
  }

  /** What was set aside, the oldest first. */
  listSetAside(filter: {
    readonly clientId?: string | undefined;
    readonly limit: number;
  }): Promise<OutboxEvent[]> {
    return this.db
      .select()
      .from(accountEvents)
      .where(
        and(
          sql`${accountEvents.setAsideAt} is not null`,
          filter.clientId === undefined ? undefined : eq(accountEvents.clientId, filter.clientId),
        ),
      )
      .orderBy(asc(accountEvents.seq))
      .limit(filter.limit);
  }

  /**
   * Has what was set aside delivered again. It is written anew as far as waiting polls are concerned, and kept for a
   * whole retention from now on.
   *
   * @returns how many
   */
  async deliverAgain(filter: { readonly clientId?: string | undefined; readonly jti?: string | undefined }) {
    const { rowCount } = await this.db
      .update(accountEvents)
      .set({
        setAsideAt: null,
        setAsideBecause: null,
        setAsideDetail: null,
        waitsSince: sql`now()`,
        writtenBy: THIS_TRANSACTION,
      })
      .where(
        and(
          sql`${accountEvents.setAsideAt} is not null`,
          filter.clientId === undefined ? undefined : eq(accountEvents.clientId, filter.clientId),
          filter.jti === undefined ? undefined : eq(accountEvents.jti, filter.jti),
        ),
      );
    return rowCount ?? 0;
  }

  /** What waits, for operators. */
  async statistics(): Promise<{ waiting: number; oldestSeconds: number; setAside: number }> {
    const { rows } = await this.db.execute<{ waiting: number; oldest: number; aside: number }>(sql`
      select count(*) filter (where set_aside_at is null)::int as waiting,
        count(*) filter (where set_aside_at is not null)::int as aside,
        coalesce(extract(epoch from now() - min(waits_since) filter (where set_aside_at is null)), 0)::float8 as oldest
      from account_events`);
    const { waiting = 0, oldest = 0, aside = 0 } = rows[0] ?? {};
    return { waiting, oldestSeconds: Math.max(0, oldest), setAside: aside };
  }
}

function ofClient(clientId: string, jtis: readonly string[]) {
  return and(eq(accountEvents.clientId, clientId), inArray(accountEvents.jti, [...jtis]));
}
