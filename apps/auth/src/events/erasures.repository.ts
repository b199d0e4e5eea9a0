import { EVENT_TYPES } from '@signet/account-events';
import { InjectDatabase, type Database, type Transaction } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { isoTime, removeBatch } from '../database/statements.js';
import type { ErasureDto, ErasureState } from './erasures.dto.js';
import type { ClientCount } from './event-outbox.repository.js';
import { erasureReceipts } from './erasures.table.js';

export interface ErasureFilter {
  readonly state?: ErasureState | undefined;
  readonly userId?: string | undefined;
  /** The id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The receipts of deletions. {@link AccountEventsRepository.record} begins them. */
@Injectable()
export class ErasuresRepository {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {}

  /** Notes that events were delivered, where it was the first time. */
  async markTold(clientId: string, jtis: readonly string[]): Promise<void> {
    if (jtis.length === 0) return;
    await this.db.execute(sql`
      update ${erasureReceipts} set told_at = now() where client_id = ${clientId} and jti in (
        select jti from ${erasureReceipts} where ${ofClient(clientId, jtis)} and told_at is null
        order by jti for update)`);
  }

  /** Keeps the receipts of events for this transaction, before it changes some of them. */
  async lock(tx: Transaction, clientId: string, jtis: readonly string[]): Promise<void> {
    const isOne = ofClient(clientId, jtis);
    await tx.execute(sql`select from ${erasureReceipts} where ${isOne} order by jti for update`);
  }

  /** Notes that a service has done what `account-purged` asked for. Only its own receipts change, and only once. */
  async confirm(tx: Transaction, clientId: string, jtis: readonly string[]): Promise<void> {
    await tx
      .update(erasureReceipts)
      .set({ confirmedAt: sql`now()`, toldAt: sql`coalesce(${erasureReceipts.toldAt}, now())`, error: null })
      .where(and(ofClient(clientId, jtis), isNull(erasureReceipts.confirmedAt)));
  }

  /** Notes why a service could not. */
  async fail(tx: Transaction, clientId: string, jti: string, error: string): Promise<void> {
    await tx
      .update(erasureReceipts)
      .set({ error })
      .where(and(ofClient(clientId, [jti]), isNull(erasureReceipts.confirmedAt)));
  }

  /**
   * Has a service told once more of deletions that it confirmed from `since` on: after its database was restored from a
   * backup, they are to be done again. The receipts are open until it has confirmed anew.
   *
   * @returns how many
   */
  async repeat(clientId: string, since: Date): Promise<number> {
    const { rowCount } = await this.db.execute(sql`
      with repeated as (
        update erasure_receipts receipt
        set jti = gen_random_uuid(), told_at = null, confirmed_at = null, error = null, reported_overdue_at = null
        from event_streams stream
        where stream.client_id = receipt.client_id and receipt.client_id = ${clientId}
          and receipt.confirmed_at >= ${since.toISOString()}::timestamptz
        returning receipt.client_id, receipt.jti, receipt.user_id
      )
      insert into account_events (client_id, jti, type, user_id, txn)
      select client_id, jti, ${EVENT_TYPES['account-purged']}, user_id, gen_random_uuid() from repeated`);
    return rowCount ?? 0;
  }

  /** The newest first. */
  async list({ state, userId, after, limit }: ErasureFilter): Promise<ErasureDto[]> {
    const { ERASURE_DEADLINE_SECONDS: deadline } = this.config;
    const { rows } = await this.db.execute<ErasureDto & Record<string, unknown>>(sql`
      select user_id, ${isoTime('erasures.erased_at')} as erased_at, state, services from (
        select user_id, min(erased_at) as erased_at,
          case
            when bool_and(confirmed_at is not null) then 'confirmed'
            when bool_or(confirmed_at is null
              and erased_at < now() - make_interval(secs => ${deadline}::int)) then 'overdue'
            else 'pending'
          end as state,
          json_agg(json_build_object('client_id', client_id, 'told_at', ${isoTime('told_at')},
            'confirmed_at', ${isoTime('confirmed_at')}, 'error', error) order by client_id) as services
        from erasure_receipts
        ${userId === undefined ? sql`` : sql`where user_id = ${userId}::uuid`}
        group by user_id
      ) erasures
      where ${state === undefined ? sql`true` : sql`state = ${state}`}
        and ${
          after === undefined
            ? sql`true`
            : sql`(erased_at, user_id) <
                (select min(erased_at), user_id from erasure_receipts where user_id = ${after}::uuid group by user_id)`
        }
      order by erasures.erased_at desc, user_id desc
      limit ${limit}`);
    return rows;
  }

  /** Marks open receipts whose deadline has passed, once each. @returns how many of which client */
  async reportOverdue(limit: number): Promise<ClientCount[]> {
    const { ERASURE_DEADLINE_SECONDS: deadline } = this.config;
    const { rows } = await this.db.execute<ClientCount>(sql`
      with overdue as (
        select user_id, client_id from erasure_receipts
        where confirmed_at is null and reported_overdue_at is null
          and erased_at < now() - make_interval(secs => ${deadline}::int)
        limit ${limit} for update skip locked
      ), reported as (
        update erasure_receipts set reported_overdue_at = now()
        where (user_id, client_id) in (select user_id, client_id from overdue) returning client_id
      )
      select client_id as "clientId", count(*)::int as count from reported group by client_id`);
    return rows;
  }

  /** How many receipts are open. */
  async statistics(): Promise<{ pending: number; overdue: number }> {
    const { ERASURE_DEADLINE_SECONDS: deadline } = this.config;
    const { rows } = await this.db.execute<{ pending: number; overdue: number }>(sql`
      select count(*)::int as pending,
        count(*) filter (where erased_at < now() - make_interval(secs => ${deadline}::int))::int as overdue
      from erasure_receipts where confirmed_at is null`);
    return rows[0] ?? { pending: 0, overdue: 0 };
  }

  /** Removes confirmed receipts as old as the audit log is kept. */
  removeExpired(limit: number): Promise<number> {
    const isOver = sql`confirmed_at < now() - make_interval(secs => ${this.config.AUDIT_RETENTION_SECONDS}::int)`;
    return removeBatch(this.db, erasureReceipts, sql`user_id, client_id`, isOver, limit);
  }
}

function ofClient(clientId: string, jtis: readonly string[]) {
  return and(eq(erasureReceipts.clientId, clientId), inArray(erasureReceipts.jti, [...jtis]));
}
