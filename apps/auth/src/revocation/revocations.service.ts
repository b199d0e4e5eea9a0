import type { Revocation } from '@signet/jwt-shared';
import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { LiveRevocationsService } from './live-revocations.service.js';
import { RevocationWakeUpService } from './revocation-wake-up.service.js';
import { RevocationsRepository, type RevocationTarget } from './revocations.repository.js';

export type { RevocationTarget };

/** Revokes access tokens: together with what they were issued for, or not at all. */
@Injectable()
export class RevocationsService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly revocations: RevocationsRepository,
    private readonly live: LiveRevocationsService,
    private readonly wakeUp: RevocationWakeUpService,
  ) {}

  /**
   * Makes a change and revokes what it says, in one transaction. When this returns, this replica already refuses;
   * the others and the services follow as soon as they are notified.
   *
   * @param change returns what is to be revoked, or has become stale, because of it
   */
  async commit(
    change: (tx: Transaction) => Promise<readonly RevocationTarget[]>,
  ): Promise<readonly Revocation[]> {
    let targets: readonly RevocationTarget[] = [];
    let isTold = false;
    const revoked = await this.db.transaction(async (tx) => {
      targets = await change(tx);
      if (targets.length > 0) isTold = await this.wakeUp.within(tx);
      return this.revocations.add(tx, targets);
    });
    const moved = await this.revocations.moveCutOffs(targets);
    if (moved.length > 0 || (revoked.length > 0 && !isTold)) this.wakeUp.soon();
    this.live.add([...revoked, ...moved]);
    return revoked;
  }

  /**
   * What ends with sessions of a person: their access tokens. In profile `bare` these do not tell sessions apart,
   * so all that the person has are revoked, and the sessions that go on get new ones by a refresh.
   */
  ofSessions(userId: string, sessionIds: readonly string[]): RevocationTarget[] {
    const targets = sessionIds.map((id): RevocationTarget => ({ kind: 'session', id }));
    if (this.config.JWT_PROFILE !== 'bare' || targets.length === 0) return targets;
    return [{ kind: 'user', id: userId }, ...targets];
  }
}
