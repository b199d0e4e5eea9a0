import type { AccessToken } from '@signet/jwt-shared';
import type { Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBySelf } from '../audit/doer.js';
import type { Requester } from '../audit/requester.js';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import type { AccountEvent, InitiatingEntity } from '../events/account-event.js';
import { afterCutOff } from '../revocation/cut-off.js';
import { RevocationsService, type RevocationTarget } from '../revocation/revocations.service.js';
import type { User } from '../users/users.repository.js';
import { parseRefreshToken } from './refresh-token.js';
import { RefreshTokensService } from './refresh-tokens.service.js';
import { RotationRepository, type RefreshableSession } from './rotation.repository.js';
import { SessionEndsService } from './session-ends.service.js';
import { SessionTokensService, type IssuedTokens } from './session-tokens.service.js';
import { SessionsRepository, type BegunSession, type ListedSession } from './sessions.repository.js';

type SessionOfUser = Pick<AccessToken, 'userId' | 'sessionId'>;

/** Begins, lists and ends sessions. A session ends together with its access tokens, in one transaction. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly rotation: RotationRepository,
    private readonly refreshTokens: RefreshTokensService,
    private readonly tokens: SessionTokensService,
    private readonly revocations: RevocationsService,
    private readonly ends: SessionEndsService,
    private readonly audit: AuditRepository,
    private readonly events: AccountEventsRepository,
  ) {}

  /**
   * Begins a session. Beyond `SESSIONS_PER_USER` the oldest ends, so that nobody who knows the password can make an
   * account so large that it cannot be taken back.
   *
   * @param audience of its access tokens; everything that is configured unless told
   * @returns its first tokens; nothing if the person's password has changed since it was checked
   */
  async begin(
    { id: userId, passwordHash }: User,
    requester: Requester,
    audience?: string,
  ): Promise<IssuedTokens | undefined> {
    const seed = randomBytes(32);
    await this.sessions.settled(userId);
    let begun: BegunSession | undefined;
    const revoked = await this.revocations.commit(async (tx) => {
      const session = { userId, seed, audience: audience ?? null, ...requester };
      begun = await this.sessions.addIfPasswordIs(tx, passwordHash, session);
      if (!begun) return [];
      await this.audit.record(tx, doneBySelf('login', { userId, sessionId: begun.id }, requester));
      const ended = await this.sessions.removeOldest(tx, userId, begun.id);
      await this.audit.recordAll(
        tx,
        ended.map((sessionId) => doneBySelf('session_ended', { userId, sessionId }, requester)),
      );
      await this.events.record(tx, ...revokedOf(userId, ended, 'policy'));
      return this.revocations.ofSessions(userId, ended);
    });
    if (!begun) return undefined;
    const first = { ...begun, userId, seed, authTime: begun.issuedAt, audience: audience ?? null };
    if (revoked.length === 0) return this.tokens.issue(first, 0);
    // In profile `bare` an end cuts off all tokens of the person, and so one that would be issued as of before. Where newer
    // logins have ended this session meanwhile, that is what its tokens are.
    const { id } = begun;
    return this.tokens.issue((await afterCutOff(() => this.rotation.find(id))) ?? first, 0);
  }

  list(userId: string): Promise<ListedSession[]> {
    return this.sessions.listLive(userId);
  }

  /** @returns whether the person had such a session */
  async end(
    userId: string,
    id: string,
    requester: Requester,
    event: 'session_ended' | 'logout' = 'session_ended',
  ): Promise<boolean> {
    const revoked = await this.revocations.commit(async (tx) => {
      const ended = await this.sessions.remove(tx, userId, id);
      for (const sessionId of ended)
        await this.audit.record(tx, doneBySelf(event, { userId, sessionId }, requester));
      await this.events.record(tx, ...revokedOf(userId, ended));
      return this.revocations.ofSessions(userId, ended);
    });
    return revoked.length > 0;
  }

  /**
   * Ends the session of an access token, of a refresh token, or both. The access token has been checked, the refresh
   * token has not; there is one of them at least.
   */
  async logOut(
    token: AccessToken | undefined,
    refreshToken: string | undefined,
    requester: Requester,
  ): Promise<void> {
    // Be it the current one or not. One that is no good ends nothing, and its holder could do nothing (RFC 7009 §2.2).
    const session = refreshToken === undefined ? undefined : await this.sessionOf(refreshToken);
    if (session) await this.end(session.userId, session.id, requester, 'logout');
    if (token?.sessionId !== undefined) await this.end(token.userId, token.sessionId, requester, 'logout');
    // Profile `bare`: the token does not say which session it belongs to, and only all of them are sure to have it.
    else if (token !== undefined && refreshToken === undefined)
      await this.endAllBut({ userId: token.userId }, requester, 'logout');
  }

  /** The session that a refresh token belongs to, be it the current one or not. */
  private async sessionOf(text: string): Promise<RefreshableSession | undefined> {
    const token = parseRefreshToken(text);
    const session = token && (await this.rotation.find(token.sessionId));
    return token && this.refreshTokens.isGenuine(token, session?.seed) ? session : undefined;
  }

  /**
   * Ends all sessions of a person but the one that asks: that of the access token or, where access tokens do not say which
   * (profile `bare`), that of the refresh token. Without either all end.
   */
  async endOthers(token: AccessToken, requester: Requester, refreshToken?: string): Promise<void> {
    const session =
      token.sessionId === undefined && refreshToken ? await this.sessionOf(refreshToken) : undefined;
    const { userId } = token;
    const sessionId = session?.userId === userId ? session.id : token.sessionId;
    await this.endAllBut({ userId, sessionId }, requester, 'other_sessions_ended');
  }

  private async endAllBut(
    kept: SessionOfUser,
    requester: Requester,
    event: 'other_sessions_ended' | 'logout',
  ): Promise<void> {
    await this.revocations.commit(async (tx) => {
      await this.audit.record(tx, doneBySelf(event, kept, requester));
      return this.endOthersIn(tx, kept);
    });
  }

  /** {@link endOthers} as part of a transaction; returns what it has to revoke. */
  async endOthersIn(tx: Transaction, { userId, sessionId }: SessionOfUser): Promise<RevocationTarget[]> {
    if (sessionId === undefined) return this.ends.allIn(tx, userId);
    const ended = await this.sessions.removeAllBut(tx, userId, sessionId);
    await this.events.record(tx, ...revokedOf(userId, ended));
    return this.revocations.ofSessions(userId, ended);
  }

  /** Removes sessions whose time is over. @returns how many */
  async removeExpired(limit: number): Promise<number> {
    let count = 0;
    await this.revocations.commit(async (tx) => {
      const expired = await this.sessions.removeExpired(tx, limit);
      count = expired.length;
      const events = expired.flatMap(({ id, userId }) => revokedOf(userId, [id], 'system'));
      await this.events.record(tx, ...events);
      return []; // their tokens have expired before them
    });
    return count;
  }
}

function revokedOf(
  userId: string,
  sessionIds: readonly string[],
  by: InitiatingEntity = 'user',
): AccountEvent[] {
  return sessionIds.map((sessionId) => ({ type: 'session-revoked', userId, sessionId, by }));
}
