import type { Revocation } from '@signet/jwt-shared';
import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { and, inArray, lt, sql } from 'drizzle-orm';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { waitOf } from './cut-off.js';
import { REVOCATION_KINDS, revocations } from './revocations.table.js';

/** What to revoke. */
export interface RevocationTarget {
  readonly kind: (typeof REVOCATION_KINDS)[number];
  readonly id: string;
}

/** Where notifications travel. */
export const CHANNEL = 'revocations';

/** PostgreSQL takes less than 8,000 bytes a notification; an entry has at most 320. */
const ENTRIES_A_NOTIFICATION = 20;
/** What verifiers may be lenient by (60 s at most), and what a request that is under way may take to issue a token. */
const MARGIN_SECONDS = 60 + 10;

/**
 * A verifier that cannot reach auth holds keys for up to `JWKS_HARD_LIMIT`, whose maximum this is, and whoever has
 * stolen one makes new tokens with it meanwhile.
 */
const LONGEST_HOLD_SECONDS = 7 * 86_400;

/** `until`: the driver gives a `numeric` as text. */
type Row = Pick<typeof revocations.$inferSelect, 'kind' | 'id' | 'before'> & {
  readonly until: number | string;
};

@Injectable()
export class RevocationsRepository {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {}

  /**
   * Writes revocations, and has all replicas notified of them when the transaction commits. The time is taken
   * after all locks that the transaction has waited for.
   */
  async add(tx: Transaction, targets: readonly RevocationTarget[]): Promise<Revocation[]> {
    if (targets.length === 0) return [];
    const distinct = [...new Map(targets.map((target) => [`${target.kind} ${target.id}`, target])).values()];
    // One parameter for all of them: an account may have more sessions than a statement has parameters.
    const [kinds, ids] = [distinct.map(({ kind }) => kind), distinct.map(({ id }) => id)];
    const { rows } = await tx.execute<Row>(sql`
      insert into revocations as r (kind, id, before, expires_at)
      select t.kind, t.id, case t.kind when 'user' then ${this.cutOff()} end,
        clock_timestamp() + make_interval(secs => ${this.config.JWT_MAX_LIFETIME + MARGIN_SECONDS}::int
          + case t.kind when 'key' then ${LONGEST_HOLD_SECONDS}::int else 0 end)
      from unnest(${sql.param(kinds)}::text[], ${sql.param(ids)}::text[]) as t (kind, id)
      on conflict (kind, id) do update set
        before = greatest(r.before, excluded.before),
        expires_at = greatest(r.expires_at, excluded.expires_at),
        written_by = pg_current_xact_id()
      returning kind, id, before, ceil(extract(epoch from expires_at)) as until`);
    const entries = rows.map((row) => entryOf(row));
    await tx.execute(
      sql`select pg_notify(${CHANNEL}, payload) from unnest(${sql.param(payloadsOf(entries))}::text[]) payload`,
    );
    return entries;
  }

  /** `waitOf` for a user by itself. */
  async waitOf(userId: string): Promise<{ wait: number }> {
    const { rows } = await this.db.execute<{ wait: string }>(
      sql`select ${waitOf('u.id')} as wait from (values (${userId}::text)) u (id)`,
    );
    return { wait: Number(rows[0]?.wait) };
  }

  /** Whether a user's tokens of the very second of the cut-off are meant: see {@link RevocationsService.afterCutOff}. */
  private cutOff() {
    const isBare = this.config.JWT_PROFILE === 'bare';
    return sql`floor(extract(epoch from clock_timestamp()))::bigint + ${isBare ? 1 : 0}::int`;
  }

  /**
   * Reads what is still of use and was written by a transaction from `horizon` on, together with the next horizon:
   * all transactions before that one had ended when this was read, so whatever they wrote is in what was read up
   * to now. Neither times nor sequences could say that, as transactions do not commit in the order of either.
   *
   * @param db the connection to read by
   */
  async readFrom(
    db: Pick<Database, 'execute'>,
    horizon = '0',
  ): Promise<{ entries: Revocation[]; horizon: string }> {
    const { rows } = await db.execute<Omit<Row, 'kind'> & { kind: Row['kind'] | null; horizon: string }>(sql`
      select r.kind, r.id, r.before, ceil(extract(epoch from r.expires_at)) as until, s.xmin as horizon
      from (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) s
      left join revocations r on r.written_by >= ${horizon}::xid8 and r.expires_at > now()`);
    const entries = rows.flatMap(({ kind, ...row }) => (kind === null ? [] : [entryOf({ ...row, kind })]));
    return { entries, horizon: rows[0]?.horizon ?? horizon };
  }

  /** Rows that another replica has locked are left for it. @returns how many were removed */
  async removeExpired(limit: number): Promise<number> {
    const expired = this.db
      .select({ kind: revocations.kind, id: revocations.id })
      .from(revocations)
      .where(and(lt(revocations.expiresAt, sql`now()`)))
      .limit(limit)
      .for('update', { skipLocked: true });
    const removed = await this.db
      .delete(revocations)
      .where(inArray(sql`(${revocations.kind}, ${revocations.id})`, expired))
      .returning({ id: revocations.id });
    return removed.length;
  }
}

/** Several revocations in each notification. */
function payloadsOf(entries: readonly Revocation[]): string[] {
  return Array.from({ length: Math.ceil(entries.length / ENTRIES_A_NOTIFICATION) }, (_, index) =>
    JSON.stringify({
      revocations: entries.slice(index * ENTRIES_A_NOTIFICATION, (index + 1) * ENTRIES_A_NOTIFICATION),
    }),
  );
}

function entryOf({ kind, id, before, until }: Row): Revocation {
  if (kind === 'user') return { kind, id, before: Number(before), until: Number(until) };
  return { kind, id, until: Number(until) };
}
