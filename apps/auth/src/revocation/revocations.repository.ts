import { REVOCATION_KINDS, type Revocation } from '@signet/jwt-shared';
import {
  InjectDatabase,
  readFromHorizon,
  THIS_TRANSACTION,
  type Database,
  type Transaction,
} from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { ownCutOff } from './cut-off.js';
import { removeBatch } from '../database/statements.js';
import { cutOffs, revocations } from './revocations.table.js';

type Group = Pick<Exclude<Revocation, { kind: 'token' }>, 'kind' | 'id'>;

/** One token; times in seconds since the epoch. */
interface SingleToken {
  readonly kind: 'token';
  readonly id: string;
  readonly client: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** What to revoke, or to make stale. */
export type RevocationTarget = Group | SingleToken;

/** What verifiers may be lenient by (60 s at most), and what a request that is under way may take to issue a token. */
const MARGIN_SECONDS = 60 + 10;

/**
 * A verifier that cannot reach auth holds keys for up to `JWKS_HARD_LIMIT`, whose maximum this is, and whoever has
 * stolen one makes new tokens with it meanwhile.
 */
const LONGEST_HOLD_SECONDS = 7 * 86_400;

type Table = typeof revocations | typeof cutOffs;

/** As the driver gives it: `bigint` and `numeric` as text. */
interface Row extends Record<string, unknown> {
  readonly kind: Revocation['kind'];
  readonly id: string;
  readonly before: string | null;
  readonly client: string | null;
  readonly until: string;
  /** Seconds that remain. */
  readonly left: string;
}

@Injectable()
export class RevocationsRepository {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {}

  /**
   * Writes revocations. The time is taken after all locks that the transaction has waited for; in one order, so that
   * transactions do not wait for each other.
   */
  async add(tx: Transaction, targets: readonly RevocationTarget[]): Promise<Revocation[]> {
    const distinct = new Map(targets.map((target) => [`${target.kind} ${target.id}`, target]));
    const sorted = [...distinct.entries()]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, target]) => target);
    const plain = sorted.filter((target) => isPlain(target));
    const written = [
      ...(await this.write(tx, revocations, plain)),
      ...(await this.write(
        tx,
        cutOffs,
        sorted.filter((target) => isCutOff(target)),
      )),
    ];
    for (const target of sorted)
      if (target.kind === 'token') written.push(...(await this.writeToken(tx, target)));
    return written;
  }

  /**
   * Moves cut-offs that are in the past, once the transaction that wrote them has committed. Rights are read without a
   * lock, so a token that is issued between the cut-off and its commit still has the old ones. It is older than the
   * cut-off if both fall into one second; where a commit took longer, this is what makes it so.
   *
   * @returns those that were moved
   */
  async moveCutOffs(targets: readonly RevocationTarget[]): Promise<Revocation[]> {
    const late = targets.filter((target) => isCutOff(target));
    if (late.length === 0) return [];
    const [kinds, ids] = columnsOf(late);
    const { rows } = await this.db.execute<Row>(sql`
      update ${cutOffs} r set before = ${this.before('r')}, written_by = ${THIS_TRANSACTION}
      from unnest(${kinds}::text[], ${ids}::text[]) as t (kind, id)
      where r.kind = t.kind and r.id = t.id and r.before < ${this.before('r')}
      returning r.kind, r.id, r.before, ${lifeOf('r')}`);
    return rows.map((row) => entryOf(row));
  }

  /**
   * Reads what is still of use and was written by a transaction from `horizon` on, together with the next horizon
   * ({@link readFromHorizon}).
   *
   * @param db the connection to read by
   */
  async readFrom(
    db: Pick<Database, 'execute'>,
    horizon?: string,
  ): Promise<{ entries: Revocation[]; horizon: string }> {
    const isNewIn = (isNew: SQL, table: Table) => sql`from ${table} t where ${isNew} and expires_at > now()`;
    const read = await readFromHorizon(
      db,
      (isNew) => sql<Row>`
        select kind, id, before, null as client, ${lifeOf('t')} ${isNewIn(isNew, revocations)} union all
        select kind, id, ${sql.raw(ownCutOff('t'))}, client, ${lifeOf('t')} ${isNewIn(isNew, cutOffs)}`,
      horizon,
    );
    // A newer replica may know kinds that this one does not; a client may have a cut-off for older replicas alone.
    const known = read.rows.filter(
      (row) => REVOCATION_KINDS.includes(row.kind) && !(row.kind === 'client' && row.before === null),
    );
    return { entries: known.map((row) => entryOf(row)), horizon: read.horizon };
  }

  /** @returns how many were removed from the table of which most were */
  async removeExpired(limit: number): Promise<number> {
    const remove = (table: Table) =>
      removeBatch(this.db, table, sql`kind, id`, sql`expires_at < now()`, limit);
    return Math.max(await remove(revocations), await remove(cutOffs));
  }

  /**
   * A token is held as long as a verifier may take it. Replicas and services that do not know the kind get the narrowest
   * cut-off of its client that ends it.
   */
  private async writeToken(tx: Transaction, token: SingleToken): Promise<Revocation[]> {
    const { id, client, issuedAt, expiresAt } = token;
    const before = Math.floor(issuedAt) + 1;
    const { rows } = await tx.execute<Row>(sql`
      with of_client as (
        insert into ${cutOffs} as r (kind, id, before, expires_at, moved_by)
        select t.kind, t.id, t.before, ${this.expiresAt('t')}, ${THIS_TRANSACTION}
        from (select 'client' as kind, ${client}::text as id, ${before}::bigint as before) t
        on conflict (kind, id) do update set
          before = greatest(r.before, excluded.before), own_before = ${sql.raw(ownCutOff('r'))},
          expires_at = greatest(r.expires_at, excluded.expires_at),
          moved_by = ${THIS_TRANSACTION}, written_by = ${THIS_TRANSACTION})
      insert into ${cutOffs} as r (kind, id, client, before, expires_at)
      values ('token', ${id}, ${client}, ${before}, to_timestamp(${expiresAt + MARGIN_SECONDS}))
      on conflict (kind, id) do update set written_by = ${THIS_TRANSACTION}
      returning kind, id, client, before, ${lifeOf('r')}`);
    return rows.map((row) => entryOf(row));
  }

  private async write(
    tx: Transaction,
    table: Table,
    targets: readonly RevocationTarget[],
  ): Promise<Revocation[]> {
    if (targets.length === 0) return [];
    const [kinds, ids] = columnsOf(targets);
    const { rows } = await tx.execute<Row>(sql`
      insert into ${table} as r (kind, id, before, expires_at)
      select t.kind, t.id, ${this.before('t')}, ${this.expiresAt('t')}
      from unnest(${kinds}::text[], ${ids}::text[]) as t (kind, id)
      on conflict (kind, id) do update set
        before = greatest(r.before, ${this.before('excluded')}),
        expires_at = greatest(r.expires_at, ${this.expiresAt('excluded')}),
        written_by = ${THIS_TRANSACTION}
      returning kind, id, before, ${lifeOf('r')}`);
    return rows.map((row) => entryOf(row));
  }

  /**
   * The second of a cut-off. That of tokens with a session stands before the second that runs: the ones of that second
   * are told by their session. All others are not told apart, and the next is issued after it: see `afterCutOff`.
   */
  private before(row: string): SQL {
    const kind = sql.raw(`${row}.kind`);
    const ofUser = this.config.JWT_PROFILE === 'bare' ? 1 : 0;
    return sql`case when ${kind} in ('session', 'key') then null else
      floor(extract(epoch from clock_timestamp()))::bigint + case ${kind} when 'user' then ${ofUser}::int else 1 end end`;
  }

  private expiresAt(row: string): SQL {
    const kind = sql.raw(`${row}.kind`);
    return sql`clock_timestamp() + make_interval(secs => ${this.config.JWT_MAX_LIFETIME + MARGIN_SECONDS}::int
      + case ${kind} when 'key' then ${LONGEST_HOLD_SECONDS}::int else 0 end)`;
  }
}

/** Whether it is of a kind that every version knows. */
function isPlain({ kind }: RevocationTarget): boolean {
  return kind === 'session' || kind === 'user' || kind === 'key';
}

/** Whether it is of a kind for which {@link RevocationsRepository.moveCutOffs} takes the time. */
function isCutOff(target: RevocationTarget): boolean {
  return !isPlain(target) && target.kind !== 'token';
}

/** One parameter for all of them: an account may have more sessions than a statement has parameters. */
function columnsOf(targets: readonly RevocationTarget[]) {
  return [sql.param(targets.map(({ kind }) => kind)), sql.param(targets.map(({ id }) => id))] as const;
}

function lifeOf(row: string): SQL {
  const end = sql.raw(`${row}.expires_at`);
  return sql`ceil(extract(epoch from ${end})) as until, extract(epoch from ${end} - clock_timestamp()) as left`;
}

function entryOf({ kind, id, before, client, until, left }: Row): Revocation {
  const life = { id, until: Number(until), for: Math.max(0, Number(left)) };
  if (kind === 'session' || kind === 'key') return { kind, ...life };
  const cutOff = { before: Number(before), ...life };
  return kind === 'token' ? { kind, client: client ?? '', ...cutOff } : { kind, ...cutOff };
}
