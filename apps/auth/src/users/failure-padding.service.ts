import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { PasswordCostsRepository } from './password-costs.repository.js';
import { PasswordHasherService } from './password-hasher.service.js';

const LOOK_EVERY_MS = 60_000;

/** Has failed logins take as long as the dearest hash does that is stored, while there are hashes of several costs. */
@Injectable()
export class FailurePaddingService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Passwords');
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** Milliseconds, by hash. */
  private measured = new Map<string, number>();
  private ours: number | undefined;

  constructor(
    private readonly costs: PasswordCostsRepository,
    private readonly hasher: PasswordHasherService,
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
      await this.look().catch((error: unknown) => signal.aborted || this.logger.warn(error));
      await delay(LOOK_EVERY_MS * (0.5 + Math.random()), undefined, { signal, ref: false }).catch(
        () => undefined,
      );
    }
  }

  /** Measures each cost once: a long line at one moment tells nothing new about it. */
  private async look(): Promise<void> {
    const known = this.measured;
    const measured = new Map<string, number>();
    for (const sample of await this.costs.samples()) {
      if (this.stopped.signal.aborted) return;
      if (!this.hasher.isOfToday(sample))
        measured.set(sample, known.get(sample) ?? (await this.hasher.measure(sample)));
    }
    this.measured = measured;
    if (measured.size > 0) this.ours ??= await this.hasher.measure('');
    this.hasher.padTo(measured.size > 0 ? Math.max(this.ours ?? 0, ...measured.values()) : 0);
  }
}
