import { BackgroundLoopsService } from '@signet/service-kit';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PasswordHasherService } from './password-hasher.service.js';
import { UsersRepository } from './users.repository.js';

const LOOK_EVERY_MS = 60_000;

/** Has failed logins take as long as the dearest hash does that is stored, while there are hashes of several costs. */
@Injectable()
export class FailurePaddingService implements OnModuleInit {
  /** Milliseconds, by hash. */
  private measured = new Map<string, number>();
  private ours: number | undefined;

  constructor(
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasherService,
    private readonly loops: BackgroundLoopsService,
  ) {}

  onModuleInit(): void {
    this.loops.start({
      name: 'password-costs',
      pauseMs: LOOK_EVERY_MS,
      longestPauseMs: LOOK_EVERY_MS,
      round: (signal) => this.look(signal),
    });
  }

  /** Measures each cost once: a long line at one moment tells nothing new about it. */
  private async look(signal: AbortSignal): Promise<void> {
    const known = this.measured;
    const measured = new Map<string, number>();
    for (const sample of await this.users.hashesOfEachCost()) {
      if (signal.aborted) return;
      if (!this.hasher.isOfToday(sample))
        measured.set(sample, known.get(sample) ?? (await this.hasher.measure(sample)));
    }
    this.measured = measured;
    if (measured.size > 0) this.ours ??= await this.hasher.measure('');
    this.hasher.padTo(measured.size > 0 ? Math.max(this.ours ?? 0, ...measured.values()) : 0);
  }
}
