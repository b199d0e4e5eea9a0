import { BackgroundLoopsService } from '@signet/service-kit';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { OneTimeTokensRepository } from '../accounts/one-time-tokens.repository.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { ClientsRepository } from '../clients/clients.repository.js';
import { RateLimitsRepository } from '../rate-limiting/rate-limits.repository.js';
import { RevocationsRepository } from '../revocation/revocations.repository.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SigningKeysRepository } from '../signing/signing-keys.repository.js';

/** Few enough for no request to notice. */
const BATCH = 500;

/**
 * Removes what has expired, a small batch at a time. Every replica does it at times of its own; none waits for a
 * row that another has locked.
 */
@Injectable()
export class ExpiryService implements OnModuleInit {
  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly sessions: SessionsService,
    private readonly revocations: RevocationsRepository,
    private readonly audit: AuditRepository,
    private readonly signingKeys: SigningKeysRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly rateLimits: RateLimitsRepository,
    private readonly clients: ClientsRepository,
    private readonly loops: BackgroundLoopsService,
  ) {}

  onModuleInit(): void {
    this.loops.start({
      name: 'expiry',
      pauseMs: this.config.CLEANING_INTERVAL_SECONDS * 1000,
      pausesFirst: true,
      round: (signal) => this.clean(signal),
    });
  }

  private async clean(signal: AbortSignal): Promise<void> {
    const removals: readonly (() => Promise<number>)[] = [
      () => this.sessions.removeExpired(BATCH),
      () => this.revocations.removeExpired(BATCH),
      () => this.audit.recordCountedLogins(BATCH),
      () => this.audit.removeExpired(BATCH),
      () => this.signingKeys.removeGone(BATCH),
      () => this.tokens.removeExpired(BATCH),
      () => this.rateLimits.removeExpired(BATCH),
      () => this.clients.removeExpiredAssertions(BATCH),
    ];
    for (const remove of removals) while (!signal.aborted && (await remove()) === BATCH);
  }
}
