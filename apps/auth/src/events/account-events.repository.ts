import { EVENT_TYPES } from '@signet/account-events';
import type { Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { claimsOf, type AccountEvent } from './account-event.js';

/** Rows a statement: a change may concern many accounts, such as that of a role. */
const BATCH = 1_000;

/** Of the transaction that makes the change; its number alone comes again when a backup is restored. */
const TRANSACTION_ID = sql`encode(substring(sha256(convert_to(
  concat_ws(' ', pg_current_xact_id(), extract(epoch from transaction_timestamp())), 'UTF8')) for 16), 'hex')::uuid`;

/** Records what happens to accounts, for every service that has a stream of events. */
@Injectable()
export class AccountEventsRepository {
  /**
   * Writes events to the outbox as part of the transaction that makes the change, so that there is neither without
   * the other. Call it after what is changed has been locked: the order of these calls is the order in which
   * receivers are told about one account.
   *
   * With `account-purged` begin the receipts of the deletion, and what still waits to be delivered loses the
   * addresses that the person had.
   */
  async record(tx: Transaction, ...events: readonly AccountEvent[]): Promise<void> {
    for (let i = 0; i < events.length; i += BATCH) await this.write(tx, events.slice(i, i + BATCH));
    const purged = events.filter(({ type }) => type === 'account-purged').map(({ userId }) => userId);
    if (purged.length > 0) await this.forgetAddresses(tx, purged);
  }

  private async write(tx: Transaction, events: readonly AccountEvent[]): Promise<void> {
    const rows = events.map((event, n) => ({
      n,
      uri: EVENT_TYPES[event.type],
      user_id: event.userId,
      session_id: event.type === 'session-revoked' ? event.sessionId : null,
      claims: claimsOf(event),
    }));
    await tx.execute(sql`
      with happened as (
        select *, ${TRANSACTION_ID} as txn from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as happened (n int, uri text, user_id uuid, session_id uuid, claims jsonb)
      ), written as (
        insert into account_events (client_id, type, user_id, session_id, claims, txn)
        select stream.client_id, uri, user_id, session_id, claims, txn
        from happened join event_streams stream
          on stream.events_requested is null or uri = any (stream.events_requested)
        order by n
        returning client_id, jti, type, user_id
      )
      insert into erasure_receipts (user_id, client_id, jti)
      select user_id, client_id, jti from written where type = ${EVENT_TYPES['account-purged']}
      on conflict do nothing`);
  }

  private async forgetAddresses(tx: Transaction, userIds: readonly string[]): Promise<void> {
    await tx.execute(sql`
      update account_events set claims = claims - 'new-value' where seq in (
        select seq from account_events where user_id = any (${sql.param(userIds)}::uuid[]) and claims ? 'new-value'
        order by seq for update)`);
  }
}
