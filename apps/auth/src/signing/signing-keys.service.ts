import type { AsymmetricAlgorithm } from '@signet/jwt-shared';
import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { KeyEncryptionService } from './key-encryption.service.js';
import { KeyScheduleService, lastOf } from './key-schedule.service.js';
import { newSigningKey, type NewSigningKey } from './new-signing-key.js';
import { noKeyRing } from './signing-keys.errors.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import type { SigningKeyRow } from './signing-keys.table.js';

/** The keys as they were at a time of the database: no replica's own clock tells which of them signs. */
export interface KeysAt {
  /** In the order in which they sign. */
  readonly keys: readonly SigningKeyRow[];
  readonly now: Date;
}

/** Makes keys and keeps them sealed. Replicas need no leader: they take turns, and the second finds that it is done. */
@Injectable()
export class SigningKeysService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly keys: SigningKeysRepository,
    private readonly schedule: KeyScheduleService,
    private readonly encryption: KeyEncryptionService,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws {KeyCommandError} under `HS256` */
  get algorithm(): AsymmetricAlgorithm {
    const { JWT_ALGORITHM: algorithm } = this.config;
    if (algorithm === 'HS256') throw noKeyRing();
    return algorithm;
  }

  /** The keys; none under `HS256`. */
  async read(): Promise<KeysAt> {
    const { JWT_ALGORITHM: algorithm } = this.config;
    const keys = algorithm === 'HS256' ? [] : await this.keys.read(algorithm);
    return { keys, now: await this.keys.now() };
  }

  /** Makes the first key, or the next one, when it is time. @returns the keys there are then */
  async ensure(): Promise<KeysAt> {
    const read = await this.read();
    if (!this.schedule.isSuccessorDue(read.keys, read.now)) return read;
    await this.addUnless((now, all) => !this.schedule.isSuccessorDue(all, now));
    return this.read();
  }

  /**
   * Publishes a key that takes over when every verifier has it, unless there is one already.
   *
   * @returns the key that will take over, or has if it is the first, and whether it is new
   */
  async rotate(): Promise<{ key: SigningKeyRow; isNew: boolean }> {
    const added = await this.addUnless((now, all) => (lastOf(all)?.signsFrom ?? now) > now);
    const key = added ?? lastOf((await this.read()).keys);
    if (!key) throw new Error('there is no key');
    return { key, isNew: added !== undefined };
  }

  /** Adds a key within a transaction that holds the lock. */
  async add(
    tx: Transaction,
    key: NewSigningKey,
    keys: readonly SigningKeyRow[],
    now: Date,
  ): Promise<SigningKeyRow> {
    const row = { ...key, ...this.schedule.successor(keys, now), revokedAt: null };
    const last = lastOf(keys);
    await this.keys.add(tx, row);
    if (last) await this.keys.update(tx, last.kid, this.schedule.until(row.signsFrom));
    await this.audit.record(tx, { event: 'key_created', outcome: 'ok', subject: key.kid });
    return row;
  }

  /**
   * Seals private keys anew when `KEY_ENCRYPTION_KEY` has been changed: all or none.
   *
   * @throws {KeyEncryptionError} when a key can be opened with neither `KEY_ENCRYPTION_KEY` nor the previous one
   */
  reencrypt(): Promise<{ reencrypted: number; unchanged: number }> {
    return this.db.transaction(async (tx) => {
      await this.keys.lock(tx);
      let reencrypted = 0;
      let unchanged = 0;
      for (const { kid, privateKey } of await this.keys.readAll(tx)) {
        if (privateKey === null) continue;
        const text = this.encryption.open(kid, privateKey);
        if (this.encryption.isCurrent(privateKey)) {
          unchanged++;
        } else {
          await this.keys.update(tx, kid, { privateKey: this.encryption.seal(kid, text) });
          reencrypted++;
        }
      }
      const subject = `${reencrypted} keys`;
      if (reencrypted > 0) await this.audit.record(tx, { event: 'keys_reencrypted', outcome: 'ok', subject });
      return { reencrypted, unchanged };
    });
  }

  private async addUnless(
    isDone: (now: Date, keys: readonly SigningKeyRow[]) => boolean,
  ): Promise<SigningKeyRow | undefined> {
    const { algorithm } = this;
    // Made before the lock is taken, as an RSA key may take a second.
    const key = await newSigningKey(algorithm, this.encryption);
    return this.db.transaction(async (tx) => {
      const now = await this.keys.lock(tx);
      const keys = await this.keys.read(algorithm, tx);
      return isDone(now, keys) ? undefined : this.add(tx, key, keys, now);
    });
  }
}
