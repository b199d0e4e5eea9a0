import { MetricsRegistry } from '@signet/service-kit';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { hash, type Options } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import type { Turn } from './fair-queue.js';
import { HashQueueService } from './hash-queue.service.js';
import { readHash, usableHash } from './hashes/hashes.js';
import type { PasswordHash } from './hashes/password-hash.js';
import { Padding } from './padding.js';
import { yieldToEventLoop } from './thread-priority.js';

type Settings = Pick<AuthConfig, 'ARGON2_MEMORY' | 'ARGON2_PASSES' | 'ARGON2_LANES' | 'HASH_NICENESS'>;

/** A PHC string of argon2id; the version is 1.3. */
const ARGON2ID = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/;

/** The turn of the service's own work. */
const OWN_TURN: Turn = { network: '', account: '' };

/** Hashes passwords with argon2id, and checks them against hashes of any kind, a bounded number at a time. */
@Injectable()
export class PasswordHasherService implements OnModuleInit {
  /** The hash of a password that nobody knows: checked where there is no account, so that both cost the same. */
  private nobodysHash: PasswordHash;
  /** Of argon2id, the library's default algorithm. */
  private readonly options: Options & { memoryCost: number; timeCost: number };
  private readonly padding = new Padding();

  constructor(
    private readonly queue: HashQueueService,
    @Inject(authConfig.KEY) private readonly config: Settings,
    metrics: MetricsRegistry,
  ) {
    const help =
      'Time up to which failed logins are padded while hashes of several costs are stored; 0: not at all.';
    metrics.gauge('password_failures_padded_seconds', help, () => this.padding.ms / 1000);
    const { ARGON2_MEMORY: memoryCost, ARGON2_PASSES: timeCost, ARGON2_LANES: parallelism } = config;
    this.options = { memoryCost, timeCost, parallelism };
  }

  async onModuleInit(): Promise<void> {
    this.nobodysHash = readHash(await this.hash(randomBytes(32).toString('base64'), OWN_TURN));
    await yieldToEventLoop(this.config.HASH_NICENESS).catch((error: unknown) =>
      new Logger('Passwords').warn(error),
    );
  }

  /** @returns a PHC string */
  hash(password: string, turn: Turn): Promise<string> {
    return this.queue.run(() => hash(password, this.options), turn);
  }

  /**
   * Whether `password` is the one behind `passwordHash`; without a hash, or with one that would cost too much, the
   * answer is no, after the work of one of ours. While hashes of several costs are stored, every no comes after the time
   * of the dearest, so that it does not tell which one was checked.
   */
  async verify(passwordHash: string | undefined, password: string, turn: Turn): Promise<boolean> {
    const known = usableHash(passwordHash);
    const { isRight, spent } = await this.queue.run(() => timed(known ?? this.nobodysHash, password), turn);
    this.padding.observe(spent);
    if (isRight && known !== undefined) return true;
    await this.padding.after(spent);
    return false;
  }

  /** Pads a failure that comes after a right password. @param spent milliseconds since the check began */
  async pad(spent: number): Promise<void> {
    await this.padding.after(spent);
  }

  /** @param ms of the dearest hash that is stored; zero where all are of today */
  padTo(ms: number): void {
    this.padding.padTo(ms);
  }

  /** How long a stored hash takes to check, in milliseconds; one that is not checked takes as long as one of ours. */
  async measure(passwordHash: string): Promise<number> {
    const known = usableHash(passwordHash) ?? this.nobodysHash;
    const { spent } = await this.queue.run(() => timed(known, randomBytes(16).toString('base64')), OWN_TURN);
    return spent;
  }

  /** Whether a hash costs what one made today does. */
  isOfToday(passwordHash: string): boolean {
    const { memoryCost, timeCost, parallelism } = this.options;
    return passwordHash.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
  }

  /** Whether a hash is weaker than one made today: of another kind, or with less memory or fewer passes. */
  needsRehash(passwordHash: string): boolean {
    const [, memory, passes] = ARGON2ID.exec(passwordHash) ?? [];
    return !(Number(memory) >= this.options.memoryCost && Number(passes) >= this.options.timeCost);
  }
}

async function timed(
  passwordHash: PasswordHash,
  password: string,
): Promise<{ isRight: boolean; spent: number }> {
  const began = performance.now();
  const isRight = await passwordHash.verify(password);
  return { isRight, spent: performance.now() - began };
}
