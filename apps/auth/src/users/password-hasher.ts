import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { HashQueue } from './hash-queue.js';
import { yieldToEventLoop } from './thread-priority.js';

/** OWASP's parameters for argon2id, the library's default algorithm: 19 MiB, two passes, one lane. */
const ARGON2ID: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes and checks passwords with argon2id, a bounded number at a time. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  /** The hash of a password that nobody knows: checked where there is no account, so that both cost the same. */
  private nobodysHash: string;

  constructor(
    private readonly queue: HashQueue,
    @Inject(authConfig.KEY) private readonly config: Pick<AuthConfig, 'HASH_NICENESS'>,
  ) {}

  async onModuleInit(): Promise<void> {
    this.nobodysHash = await this.hash(randomBytes(32).toString('base64'));
    await yieldToEventLoop(this.config.HASH_NICENESS).catch((error: unknown) =>
      new Logger('Passwords').warn(error),
    );
  }

  /** @returns a PHC string */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(password, ARGON2ID));
  }

  /** Whether `password` is the one behind `passwordHash`; without a hash the answer is no, after the same work. */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const isRight = await this.queue.run(() => verify(passwordHash ?? this.nobodysHash, password));
    return isRight && passwordHash !== undefined;
  }
}
