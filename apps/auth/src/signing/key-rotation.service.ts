import type { Revocation } from '@signet/jwt-shared';
import { BackgroundLoopsService, MetricsRegistry } from '@signet/service-kit';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { LiveRevocationsService } from '../revocation/live-revocations.service.js';
import { KeyRingService } from './key-ring.service.js';
import { SigningKeysService } from './signing-keys.service.js';

/** Keys that others have made are known a tenth of `KEY_PUBLISH_AHEAD` later, and within these bounds. */
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Keeps the ring in step with the database, and has keys made when it is time: often enough for every replica to
 * publish a key long before it signs, and at once when one is revoked. While the database is away the ring stays.
 */
@Injectable()
export class KeyRotationService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('KeyRing');
  private readonly isIdle: boolean;
  private readonly pauseMs: number;
  private reloading: Promise<void> = Promise.resolve();
  private subscription: Subscription | undefined;
  private problem = '';

  constructor(
    @Inject(authConfig.KEY) config: AuthConfig,
    private readonly keys: SigningKeysService,
    private readonly ring: KeyRingService,
    private readonly revocations: LiveRevocationsService,
    private readonly loops: BackgroundLoopsService,
    metrics: MetricsRegistry,
  ) {
    metrics.gauge('signing_key_age_seconds', 'Age of the key that signs; 0: none', () => ring.signerAge());
    metrics.gauge('signing_keys_published', 'Keys in the JWK set', () => ring.jwks().keys.length);
    this.isIdle = config.JWT_ALGORITHM === 'HS256';
    this.pauseMs = Math.min(Math.max(config.KEY_PUBLISH_AHEAD * 100, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  }

  /** @throws {Error} when a key that is in use cannot be opened; no key is made then */
  async onModuleInit(): Promise<void> {
    if (this.isIdle) return;
    const [problem] = this.ring.take(await this.keys.read());
    if (problem !== undefined) throw new Error(problem);
    await this.reload();
    this.subscription = this.revocations.added.subscribe((added) => this.hear(added));
    this.loops.start({
      name: 'key-rotation',
      pauseMs: this.pauseMs,
      longestPauseMs: this.pauseMs,
      pausesFirst: true,
      round: () => this.tryReload(),
    });
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  /** Waits for news that are being read, if they are. */
  settled(): Promise<void> {
    return this.reloading;
  }

  private hear(added: readonly Revocation[]): void {
    if (added.some(({ kind }) => kind === 'key')) void this.tryReload();
  }

  /** After a reading that is under way, as that may have missed the news. */
  private tryReload(): Promise<void> {
    this.reloading = this.reloading
      .then(() => this.reload())
      .catch((error: unknown) => this.report(`Keys could not be read: ${String(error)}`));
    return this.reloading;
  }

  private async reload(): Promise<void> {
    this.report(this.ring.take(await this.keys.ensure()).join('; '));
  }

  /** Once for as long as nothing changes. */
  private report(problem: string): void {
    if (problem !== '' && problem !== this.problem) this.logger.error(problem);
    this.problem = problem;
  }
}
