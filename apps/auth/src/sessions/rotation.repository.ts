import { DatabaseConnection } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { rightsFrom, rightsOf, type FoundRights, type Rights } from '../authorization/rights.js';
import { cutOffOf } from '../revocation/cut-off.js';

/** A session that is known to live, and when that was known. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly seed: Buffer;
  /** When this was read, whole seconds by the database's clock: the `iat` of a token that is issued because of it. */
  readonly issuedAt: number;
  /** When the session began, and the user logged in, in the same way. */
  readonly authTime: number;
  /** What its access tokens are for; everything that is configured where the login did not ask for one audience. */
  readonly audience: string | null;
  /** What the user may do, as of then. */
  readonly rights: Rights;
}

/** What a refresh token is judged by. */
export interface RefreshableSession extends LiveSession {
  readonly counter: number;
  /** Neither idle nor used for too long. */
  readonly isLive: boolean;
  /** Whether the current token's parent may still be shown. */
  readonly isInGrace: boolean;
  /** Seconds until a token that is issued now would not be refused at once: see `afterCutOff`. */
  readonly wait: number;
}

interface Row extends Omit<RefreshableSession, 'issuedAt' | 'rights' | 'wait'> {
  readonly now: number;
  readonly cutOff: number | null;
  readonly found: FoundRights | null;
}

type Statement = Readonly<Record<'name' | 'text', string>>;

/**
 * The statements of a refresh, prepared and without a query builder: there is nothing that the service does more often,
 * and each table more that a statement names costs PostgreSQL a tenth of the whole.
 */
@Injectable()
export class RotationRepository {
  private readonly select: Statement;
  private readonly selectAndHold: Statement;
  private readonly update: Statement;

  constructor(
    private readonly connection: DatabaseConnection,
    @Inject(authConfig.KEY) { REFRESH_GRACE_SECONDS, SESSION_IDLE_SECONDS, JWT_PROFILE }: AuthConfig,
  ) {
    // A cut-off of the other kind ends the sessions from before it, unless tokens do not say which they belong to.
    const cutOff = cutOffOf('s.user_id', JWT_PROFILE === 'bare' ? ['user', 'stale-user'] : ['stale-user']);
    const text = `
      select s.id, s.user_id as "userId", s.seed, s.counter::float8 as counter, now() < s.expires_at as "isLive",
        now() < s.last_used_at + interval '${REFRESH_GRACE_SECONDS} seconds' as "isInGrace",
        extract(epoch from now())::float8 as now,
        floor(extract(epoch from s.created_at))::float8 as "authTime",
        s.audience, ${cutOff}::float8 as "cutOff", ${rightsOf('s.user_id')} as found
      from sessions s where s.id = $1`;
    this.select = { name: 'session_to_refresh', text };
    this.selectAndHold = { name: 'session_to_repeat', text: `${text} for key share of s` };
    this.update = {
      name: 'rotate_session',
      text: `
        update sessions set counter = counter + 1, last_used_at = now(),
          expires_at = least(now() + interval '${SESSION_IDLE_SECONDS} seconds', ends_at)
        where id = $1 and counter = $2 and expires_at > now()`,
    };
  }

  find(id: string): Promise<RefreshableSession | undefined> {
    return this.read(this.select, id);
  }

  /** {@link find} that waits for an end of the session that is under way: without it a token could be newer than that. */
  hold(id: string): Promise<RefreshableSession | undefined> {
    return this.read(this.selectAndHold, id);
  }

  /**
   * Makes the next refresh token the current one, if `counter` is that of the current one and the session's time
   * is not over. However many ask at once, on however many replicas, one of them is told that it did.
   */
  async rotate(id: string, counter: number): Promise<boolean> {
    const { rowCount } = await this.connection.pool.query({ ...this.update, values: [id, counter] });
    return rowCount === 1;
  }

  private async read(statement: Statement, id: string): Promise<RefreshableSession | undefined> {
    const { rows } = await this.connection.pool.query<Row>({ ...statement, values: [id] });
    const [row] = rows;
    if (row === undefined) return undefined;
    const { now, cutOff, found, ...session } = row;
    const wait = Math.max(cutOff ?? 0, found?.before ?? 0) - now;
    return { ...session, issuedAt: Math.floor(now), wait, rights: rightsFrom(found) };
  }
}
