import type { Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import { RevocationsService, type RevocationTarget } from '../revocation/revocations.service.js';
import { SessionsRepository } from './sessions.repository.js';

/** Ends all sessions of a person as part of the transaction of something else. */
@Injectable()
export class SessionEndsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly revocations: RevocationsService,
    private readonly events: AccountEventsRepository,
  ) {}

  /** @returns what the transaction has to revoke */
  async allIn(tx: Transaction, userId: string): Promise<RevocationTarget[]> {
    const ended = await this.sessions.removeAllBut(tx, userId, undefined);
    await this.events.record(tx, { type: 'sessions-revoked', userId });
    return [{ kind: 'user', id: userId }, ...this.revocations.ofSessions(userId, ended)];
  }
}
