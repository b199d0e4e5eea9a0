import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { OneTimeTokensRepository } from '../accounts/one-time-tokens.repository.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { ClientsRepository } from '../clients/clients.repository.js';
import { RateLimitsRepository } from '../rate-limiting/rate-limits.repository.js';
import { RevocationsRepository } from '../revocation/revocations.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { SigningKeysRepository } from '../signing/signing-keys.repository.js';

/** Few enough for no request to notice. */
const BATCH = 500;

/**
 * Removes what has expired, a small batch at a time. Every replica does it at times of its own; none waits for a
 * row that another has locked.
 */
@Injectable()
export class ExpiryService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('ExpiryService');
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly sessions: SessionsRepository,
    private readonly revocations: RevocationsRepository,
    private readonly audit: AuditRepository,
    private readonly signingKeys: SigningKeysRepository,
    private readonly tokens: OneTimeTokensRepository,
    private readonly rateLimits: RateLimitsRepository,
    private readonly clients: ClientsRepository,
  ) {}

  onModuleInit(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      const pause = this.config.CLEANING_INTERVAL_SECONDS * 1000 * (0.5 + Math.random());
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.clean().catch((error: unknown) => this.logger.warn(error));
    }
  }

  private async clean(): Promise<void> {
    await this.inBatches(async () => (await this.sessions.removeExpired(BATCH)).length);
    await this.inBatches(() => this.revocations.removeExpired(BATCH));
    await this.inBatches(() => this.audit.recordCountedLogins(BATCH));
    await this.inBatches(() => this.audit.removeExpired(BATCH));
    await this.inBatches(() => this.signingKeys.removeGone(BATCH));
    await this.inBatches(() => this.tokens.removeExpired(BATCH));
    await this.inBatches(() => this.rateLimits.removeExpired(BATCH));
    await this.inBatches(() => this.clients.removeExpiredAssertions(BATCH));
  }

  private async inBatches(remove: () => Promise<number>): Promise<void> {
    while (!this.stopped.signal.aborted && (await remove()) === BATCH);
  }
}
