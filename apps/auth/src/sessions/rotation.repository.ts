import { InjectDatabase, type Database } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { and, eq, gt, sql } from 'drizzle-orm';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { sessions } from './sessions.table.js';

/** What a refresh token is judged by. */
export interface RefreshableSession {
  readonly id: string;
  readonly userId: string;
  readonly seed: Buffer;
  readonly counter: number;
  /** Neither idle nor used for too long. */
  readonly isLive: boolean;
  /** Whether the current token's parent may still be shown. */
  readonly isInGrace: boolean;
}

/** The two statements of a refresh, prepared: there is nothing that the service does more often. */
@Injectable()
export class RotationRepository {
  private readonly select;
  private readonly update;

  constructor(
    @InjectDatabase() db: Database,
    @Inject(authConfig.KEY) { REFRESH_GRACE_SECONDS, SESSION_IDLE_SECONDS }: AuthConfig,
  ) {
    const { id, userId, seed, counter, lastUsedAt, expiresAt, endsAt } = sessions;
    const after = (count: number) => sql`make_interval(secs => ${count}::int)`;
    this.select = db
      .select({
        id,
        userId,
        seed,
        counter,
        isLive: sql<boolean>`now() < ${expiresAt}`,
        isInGrace: sql<boolean>`now() < ${lastUsedAt} + ${after(REFRESH_GRACE_SECONDS)}`,
      })
      .from(sessions)
      .where(eq(id, sql.placeholder('id')))
      .prepare('session_to_refresh');
    this.update = db
      .update(sessions)
      .set({
        counter: sql`${counter} + 1`,
        lastUsedAt: sql`now()`,
        expiresAt: sql`least(now() + ${after(SESSION_IDLE_SECONDS)}, ${endsAt})`,
      })
      .where(
        and(
          eq(id, sql.placeholder('id')),
          eq(counter, sql.placeholder('counter')),
          gt(expiresAt, sql`now()`),
        ),
      )
      .returning({ id })
      .prepare('rotate_session');
  }

  async find(id: string): Promise<RefreshableSession | undefined> {
    const [session] = await this.select.execute({ id });
    return session;
  }

  /**
   * Makes the next refresh token the current one, if `counter` is that of the current one and the session's time
   * is not over. However many ask at once, on however many replicas, one of them is told that it did.
   */
  async rotate(id: string, counter: number): Promise<boolean> {
    const rotated = await this.update.execute({ id, counter });
    return rotated.length > 0;
  }
}
