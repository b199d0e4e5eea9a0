import { InjectDatabase, type Database } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { and, eq, gt, sql } from 'drizzle-orm';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { NONE, rightsOf, waitForRights, type Rights } from '../authorization/rights.js';
import { epochSeconds } from '../revocation/cut-off.js';
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
  /** When this was read, whole seconds by the database's clock: the `iat` of a token that is issued because of it. */
  readonly issuedAt: number;
  /** When the session began, in the same way. */
  readonly authTime: number;
  readonly audience: string | null;
  /** Seconds until a token that is issued now would not be refused at once: see `afterCutOff`. */
  readonly wait: number;
  /** What the user may do. */
  readonly rights: Rights;
}

/** The statements of a refresh, prepared: there is nothing that the service does more often. */
@Injectable()
export class RotationRepository {
  private readonly select;
  private readonly selectAndHold;
  private readonly update;

  constructor(
    @InjectDatabase() db: Database,
    @Inject(authConfig.KEY) { REFRESH_GRACE_SECONDS, SESSION_IDLE_SECONDS }: AuthConfig,
  ) {
    const { id, userId, seed, counter, lastUsedAt, expiresAt, endsAt, createdAt, audience } = sessions;
    const after = (count: number) => sql`make_interval(secs => ${count}::int)`;
    const query = () =>
      db
        .select({
          id,
          userId,
          seed,
          counter,
          isLive: sql<boolean>`now() < ${expiresAt}`,
          isInGrace: sql<boolean>`now() < ${lastUsedAt} + ${after(REFRESH_GRACE_SECONDS)}`,
          issuedAt: epochSeconds(sql`now()`),
          authTime: epochSeconds(createdAt),
          audience,
          wait: waitForRights('sessions.user_id'),
          rights: rightsOf('sessions.user_id'),
        })
        .from(sessions)
        .where(eq(id, sql.placeholder('id')));
    this.select = query().prepare('session_to_refresh');
    this.selectAndHold = query().for('key share').prepare('session_to_repeat');
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
    return session && withRights(session);
  }

  /** {@link find} that waits for an end of the session that is under way: without it a token could be newer than that. */
  async hold(id: string): Promise<RefreshableSession | undefined> {
    const [session] = await this.selectAndHold.execute({ id });
    return session && withRights(session);
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

/** Without a role there is nothing that a mapper would be asked about. */
function withRights<T extends { readonly rights: Rights | null }>(session: T): T & { rights: Rights } {
  return { ...session, rights: session.rights ?? NONE };
}
