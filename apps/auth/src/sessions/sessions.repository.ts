import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { and, desc, eq, gt, ne, sql } from 'drizzle-orm';
import type { Requester } from '../audit/requester.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { rightsFrom, rightsOf, type FoundRights } from '../authorization/rights.js';
import { afterCutOff, cutOffOf, epochSeconds } from '../revocation/cut-off.js';
import type { LiveSession } from './rotation.repository.js';
import { sessions } from './sessions.table.js';

export type BegunSession = Pick<LiveSession, 'id' | 'issuedAt' | 'rights'>;

export type ListedSession = Pick<
  typeof sessions.$inferSelect,
  'id' | 'createdAt' | 'lastUsedAt' | 'userAgent' | 'ip'
>;

export interface NewSession extends Requester {
  readonly userId: string;
  readonly seed: Buffer;
  readonly audience: string | null;
}

/** The sessions; every decision about time is the database's, whose clock all replicas share. */
@Injectable()
export class SessionsRepository {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
  ) {}

  /** Waits until a token that is issued to a user is not refused at once because of a cut-off. */
  async settled(userId: string): Promise<void> {
    const cutOff = `greatest(${cutOffOf('u.id', ['user', 'stale-user'])}, (${rightsOf('u.id')} ->> 'before')::bigint, 0)`;
    await afterCutOff(async () => {
      const { rows } = await this.db.execute<{ wait: number }>(sql`
        select (${sql.raw(cutOff)} - extract(epoch from now()))::float8 as wait from (values (${userId}::uuid)) u (id)`);
      return rows[0];
    });
  }

  /**
   * Adds a session if the person still has the password that was checked. The lock makes it wait for a change of
   * the password or the end of the account that is under way, which else would miss a session begun meanwhile, and logins
   * of one account follow each other, so that each sees the sessions of those before.
   *
   * @returns the session's id, and the `iat` of its first token: by the clock that cut-offs are told by
   */
  async addIfPasswordIs(
    db: Pick<Database, 'execute'>,
    passwordHash: string,
    { userId, seed, audience, ip, userAgent }: NewSession,
  ): Promise<BegunSession | undefined> {
    const { SESSION_IDLE_SECONDS: idle, SESSION_ABSOLUTE_SECONDS: absolute } = this.config;
    const { rows } = await db.execute<{ id: string; issued_at: string; rights: FoundRights | null }>(sql`
      insert into sessions (user_id, seed, audience, ip, user_agent, expires_at, ends_at)
      select id, ${seed}::bytea, ${audience}::text, ${ip}::text, ${userAgent}::text,
        now() + ${seconds(Math.min(idle, absolute))}, now() + ${seconds(absolute)}
      from users where id = ${userId}::uuid and password_hash = ${passwordHash}::text and disabled_at is null
      for no key update
      returning id, ${epochSeconds(sql`now()`)} as issued_at, ${sql.raw(rightsOf('sessions.user_id'))} as rights`);
    const [row] = rows;
    return row && { id: row.id, issuedAt: Number(row.issued_at), rights: rightsFrom(row.rights) };
  }

  /** Newest use first; without those whose time is over. */
  listLive(userId: string): Promise<ListedSession[]> {
    const { id, createdAt, lastUsedAt, userAgent, ip } = sessions;
    return this.db
      .select({ id, createdAt, lastUsedAt, userAgent, ip })
      .from(sessions)
      .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, sql`now()`)))
      .orderBy(desc(sessions.lastUsedAt), desc(sessions.id));
  }

  /** Removes one session. Of the methods below each returns the ids of the sessions that it has removed. */
  remove(tx: Transaction, userId: string, id: string): Promise<string[]> {
    const own = and(eq(sessions.userId, userId), eq(sessions.id, id));
    return idsOf(tx.delete(sessions).where(own).returning({ id: sessions.id }));
  }

  /** Removes the oldest sessions beyond `SESSIONS_PER_USER`, never the one with this id, which has just begun. */
  async removeOldest(tx: Transaction, userId: string, newId: string): Promise<string[]> {
    const kept = this.config.SESSIONS_PER_USER - 1;
    const { rows } = await tx.execute<{ id: string }>(sql`
      delete from sessions where id in (
        select id from sessions
        where user_id = ${userId}::uuid and id <> ${newId}::uuid and expires_at > now()
        order by created_at desc, id desc offset ${kept})
      returning id`);
    return rows.map(({ id }) => id);
  }

  removeAllBut(tx: Transaction, userId: string, keptId: string | undefined): Promise<string[]> {
    const others = and(eq(sessions.userId, userId), keptId ? ne(sessions.id, keptId) : undefined);
    return idsOf(tx.delete(sessions).where(others).returning({ id: sessions.id }));
  }

  /** Rows that another replica, or a refresh, has locked are left for the next time. */
  async removeExpired(tx: Transaction, limit: number): Promise<{ id: string; userId: string }[]> {
    const { rows } = await tx.execute<{ id: string; userId: string }>(sql`
      delete from sessions where id in (
        select id from sessions where remove_on <= (now() at time zone 'UTC')::date and expires_at < now()
        limit ${limit}::int for update skip locked)
      returning id, user_id as "userId"`);
    return rows;
  }
}

async function idsOf(rows: PromiseLike<{ id: string }[]>): Promise<string[]> {
  return (await rows).map(({ id }) => id);
}

function seconds(count: number) {
  return sql`make_interval(secs => ${count}::int)`;
}
