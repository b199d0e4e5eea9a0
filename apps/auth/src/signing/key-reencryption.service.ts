import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { KeyEncryptionService } from './key-encryption.service.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** Seals private keys anew when `KEY_ENCRYPTION_KEY` has been changed. */
@Injectable()
export class KeyReencryptionService {
  constructor(
    @InjectDatabase() private readonly db: Database,
    private readonly keys: SigningKeysRepository,
    private readonly encryption: KeyEncryptionService,
    private readonly audit: AuditRepository,
  ) {}

  /**
   * All or nothing.
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
      if (reencrypted > 0)
        await this.audit.record(tx, {
          event: 'keys_reencrypted',
          outcome: 'ok',
          subject: `${reencrypted} keys`,
        });
      return { reencrypted, unchanged };
    });
  }
}
