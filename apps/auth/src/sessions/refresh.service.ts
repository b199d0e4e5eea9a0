import { MetricsRegistry } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBySelf } from '../audit/doer.js';
import type { Requester } from '../audit/requester.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import { afterCutOff } from '../revocation/cut-off.js';
import { RevocationsService } from '../revocation/revocations.service.js';
import { assertAudience } from './audience.js';
import { parseRefreshToken } from './refresh-token.js';
import { RefreshTokensService } from './refresh-tokens.service.js';
import { RotationRepository, type RefreshableSession } from './rotation.repository.js';
import { SessionTokensService, type IssuedTokens } from './session-tokens.service.js';
import { invalidRefreshToken } from './sessions.errors.js';
import { SessionsRepository } from './sessions.repository.js';

/** Who shows a refresh token, and what for. */
interface Asked {
  readonly requester: Requester;
  readonly audience: string | undefined;
}

/**
 * Exchanges refresh tokens for their successors (RFC 9700 §4.14.2). A session has one current token. Its parent is
 * good for some seconds after its first use, as the answer to that may have been lost, and then leads to the same
 * successor. Whoever shows an older one, or the parent later, holds a copy: the session ends.
 */
@Injectable()
export class RefreshService {
  /** `repeated`: within the grace; `reused`: a copy was shown and the session ended. */
  private readonly outcomes = { rotated: 0, repeated: 0, reused: 0, refused: 0 };

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly rotation: RotationRepository,
    private readonly sessions: SessionsRepository,
    private readonly refreshTokens: RefreshTokensService,
    private readonly tokens: SessionTokensService,
    private readonly revocations: RevocationsService,
    private readonly audit: AuditRepository,
    private readonly events: AccountEventsRepository,
    metrics: MetricsRegistry,
  ) {
    const help = 'Refresh tokens that were shown, by what came of it.';
    metrics.counters('refreshes_total', help, 'outcome', () => this.outcomes);
  }

  /**
   * @param audience of the access token; that of the session unless told
   * @throws {ProblemException} 401 `INVALID_REFRESH_TOKEN`, the same for every cause; 400 for an audience that there is not
   */
  async refresh(text: string, requester: Requester, audience?: string): Promise<IssuedTokens> {
    assertAudience(this.config, audience);
    const asked = { requester, audience };
    const token = parseRefreshToken(text);
    if (token === undefined) return this.refuse();
    const { sessionId } = token;
    const session = await afterCutOff(() => this.rotation.find(sessionId));
    if (!this.refreshTokens.isGenuine(token, session?.seed) || session === undefined) return this.refuse();
    const { counter } = token;
    if (counter === session.counter) return this.rotate(session, asked);
    return this.takePast(session, counter, asked);
  }

  /** Without success another request has used the same token since we read the session, or that has ended. */
  private async rotate(session: RefreshableSession, asked: Asked): Promise<IssuedTokens> {
    const { id, counter } = session;
    if (await this.rotation.rotate(id, counter)) {
      this.outcomes.rotated++;
      return this.tokens.issue(session, counter + 1, asked.audience);
    }
    const now = await afterCutOff(() => this.rotation.find(id));
    return now === undefined || now.counter === counter ? this.refuse() : this.takePast(now, counter, asked);
  }

  /** A token that is not the current one: by its age it is repeated, or a copy. */
  private takePast(session: RefreshableSession, counter: number, asked: Asked): Promise<IssuedTokens> {
    const isParent = counter === session.counter - 1 && session.isInGrace;
    return isParent ? this.repeat(session, asked) : this.end(session, counter, asked.requester);
  }

  /** The session is held, as it may be ending: unlike the rotation this changes no row, which would wait for that. */
  private async repeat({ id, counter }: RefreshableSession, asked: Asked): Promise<IssuedTokens> {
    const session = await afterCutOff(() => this.rotation.hold(id));
    if (!session?.isLive || session.counter !== counter) return this.refuse();
    this.outcomes.repeated++;
    return this.tokens.issue(session, session.counter, asked.audience);
  }

  /**
   * A counter ahead of the database's means that the database was restored from a backup: then tokens that had
   * been used are current again, so that the session is as little to be trusted as after a theft.
   */
  private async end(
    { id, userId, ...session }: RefreshableSession,
    counter: number,
    requester: Requester,
  ): Promise<never> {
    const event = counter > session.counter ? 'refresh_token_ahead' : 'refresh_token_reused';
    await this.revocations.commit(async (tx) => {
      const ended = await this.sessions.remove(tx, userId, id);
      // Otherwise somebody else was first, and has told.
      if (ended.length > 0) {
        await this.audit.record(tx, doneBySelf(event, { userId, sessionId: id }, requester, 'session_ended'));
        await this.events.record(tx, { type: 'session-revoked', userId, sessionId: id, by: 'policy' });
      }
      return this.revocations.ofSessions(userId, ended);
    });
    this.outcomes.reused++;
    throw invalidRefreshToken();
  }

  private refuse(): never {
    this.outcomes.refused++;
    throw invalidRefreshToken();
  }
}
