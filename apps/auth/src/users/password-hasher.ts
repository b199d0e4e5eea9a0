import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, type Options } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { HashQueue } from './hash-queue.js';
import { isOurs, readHash, usableHash } from './hashes/hashes.js';
import type { PasswordHash } from './hashes/password-hash.js';

/** OWASP's parameters for argon2id, the library's default algorithm: 19 MiB, two passes, one lane. */
const ARGON2ID: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes passwords with argon2id, and checks them against hashes of any kind, a bounded number at a time. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  /** The hash of a password that nobody knows: checked where there is no account, so that both cost the same. */
  private nobodysHash: PasswordHash;

  constructor(private readonly queue: HashQueue) {}

  async onModuleInit(): Promise<void> {
    this.nobodysHash = readHash(await this.hash(randomBytes(32).toString('base64')));
  }

  /** @returns a PHC string */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(password, ARGON2ID));
  }

  /**
   * Whether `password` is the one behind `passwordHash`; without a hash, or with one that would cost too much, the
   * answer is no, after the work of one of ours.
   */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const known = usableHash(passwordHash);
    const isRight = await this.queue.run(() => (known ?? this.nobodysHash).verify(password));
    return isRight && known !== undefined;
  }

  /** Whether a hash is weaker than one made today: one of another kind, brought along from another system. */
  needsRehash(passwordHash: string): boolean {
    return !isOurs(passwordHash);
  }
}
