import { Injectable } from '@nestjs/common';
import type { Transaction } from '@signet/service-kit';
import { AuditRepository } from '../audit/audit.repository.js';
import { RevocationsService } from '../revocation/revocations.service.js';
import { KeyEncryptionService } from './key-encryption.service.js';
import { KeyScheduleService } from './key-schedule.service.js';
import { signerAt, stateOf, type KeyState } from './key-state.js';
import { newSigningKey, type NewSigningKey } from './new-signing-key.js';
import { alreadyRevoked, noSuchKey, tooSoon } from './signing-keys.errors.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { SigningKeysService } from './signing-keys.service.js';
import type { SigningKeyRow } from './signing-keys.table.js';

/** `JWKS_COOLDOWN` of services that do not set it. */
const COOLDOWN_SECONDS = 30;

export interface RevokedKey {
  readonly kid: string;
  /** What the key was good for. */
  readonly was: KeyState;
  /** The key that signs from now on. */
  readonly signer: string | undefined;
}

/** What is done when a private key may be in wrong hands. */
@Injectable()
export class KeyRevocationService {
  constructor(
    private readonly keys: SigningKeysRepository,
    private readonly signingKeys: SigningKeysService,
    private readonly schedule: KeyScheduleService,
    private readonly encryption: KeyEncryptionService,
    private readonly revocations: RevocationsService,
    private readonly audit: AuditRepository,
  ) {}

  /**
   * Takes a key out of the set and out of the database, and revokes every token that it signed. If it was the one
   * that signs, the next key takes over, or a new one. People keep their sessions and refresh.
   *
   * @param force also when verifiers may not be able to fetch the key that takes over
   * @throws {KeyCommandError} when there is no such key, or without `force` there is a risk to lock everyone out
   */
  async revoke(kid: string, force = false): Promise<RevokedKey> {
    const spare = await newSigningKey(this.signingKeys.algorithm, this.encryption);
    let result: RevokedKey | undefined;
    await this.revocations.commit(async (tx) => {
      const now = await this.keys.lock(tx);
      const all = await this.keys.read(spare.algorithm, tx);
      const key = all.find((candidate) => candidate.kid === kid);
      if (!key) throw noSuchKey(kid);
      const was = stateOf(key, all, now);
      if (was === 'revoked') throw alreadyRevoked(kid);
      if (was === 'current' && !force) assertSettled(kid, all, now);
      await this.keys.update(tx, kid, { revokedAt: now, privateKey: null });
      const rest = all.filter((other) => other !== key);
      const signer = was === 'current' ? await this.takeOver(tx, rest, spare, now) : signerAt(rest, now);
      await this.audit.record(tx, { event: 'key_revoked', outcome: 'ok', subject: kid });
      result = { kid, was, signer: signer?.kid };
      return [{ kind: 'key', id: kid }];
    });
    if (!result) throw new Error('nothing was revoked');
    return result;
  }

  /** A retired key is not brought back: a thief who has the one may have it too. */
  private async takeOver(tx: Transaction, rest: SigningKeyRow[], spare: NewSigningKey, now: Date) {
    const next = rest.find(({ revokedAt, signsFrom }) => revokedAt === null && signsFrom > now);
    if (!next) return this.signingKeys.add(tx, spare, [], now);
    await this.keys.update(tx, next.kid, this.schedule.from(now));
    return next;
  }
}

function assertSettled(kid: string, keys: readonly SigningKeyRow[], now: Date): void {
  const revokedAt = keys.map((key) => key.revokedAt?.getTime() ?? -Infinity);
  const seconds = Math.floor((now.getTime() - Math.max(...revokedAt)) / 1000);
  if (seconds < COOLDOWN_SECONDS) throw tooSoon(kid, seconds);
}
