import { trustedKey, type KeySource, type TrustedKey } from '@signet/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { JwsSigner, typOf, SignerSource } from './jws-signer.js';
import { KeyEncryptionService, KeyEncryptionError } from './key-encryption.service.js';
import { isPublished, signerAt, stateOf } from './key-state.js';
import { publicJwkOf, thumbprintOf, type PublicJwk } from './public-jwk.js';
import { noSigningKey } from './signing-keys.errors.js';
import type { KeysAt } from './signing-keys.service.js';
import type { SigningKeyRow } from './signing-keys.table.js';

/** What a key is used by: all of it comes from the private half, which cannot be written without the encryption key. */
interface Material {
  readonly trusted: readonly [TrustedKey];
  readonly signer: JwsSigner;
  readonly jwk: PublicJwk;
}

const NONE: readonly TrustedKey[] = Object.freeze([]);

/** The keys as this replica knows them: what it signs with, what it verifies with, what it publishes. */
@Injectable()
export class KeyRingService implements KeySource, SignerSource {
  /** Those that are published. */
  private rows: readonly SigningKeyRow[] = [];
  private materials: ReadonlyMap<string, Material> = new Map();
  /** Those that are not published any more, too. */
  private opened: ReadonlyMap<string, Material> = new Map();
  private trusted: ReadonlySet<TrustedKey> = new Set();
  /** When the rows were read, by the clock of the database and by one that never jumps. */
  private taken = { time: -Infinity, at: 0 };

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly encryption: KeyEncryptionService,
  ) {}

  /** @throws {ProblemException} 503 when there is no key to sign with */
  current(): JwsSigner {
    // The clock of the database may have been set back since the first key was made.
    const key = signerAt(this.rows, this.now()) ?? this.rows[0];
    const signer = key && this.materials.get(key.kid)?.signer;
    if (!signer) throw noSigningKey();
    return signer;
  }

  find(kid: string | undefined): readonly TrustedKey[] {
    return (kid !== undefined && this.materials.get(kid)?.trusted) || NONE;
  }

  isTrusted(key: TrustedKey): boolean {
    return this.trusted.has(key);
  }

  /** Seconds since the key that signs was made; 0 when there is none. */
  signerAge(now = this.now()): number {
    const key = signerAt(this.rows, now);
    return key ? (now.getTime() - key.createdAt.getTime()) / 1000 : 0;
  }

  /** The public halves (RFC 7517 §5), those of keys that do not sign yet, or no longer, too. */
  jwks(): { readonly keys: readonly PublicJwk[] } {
    return {
      keys: this.rows.map(({ kid, algorithm }) => ({
        ...this.materials.get(kid)?.jwk,
        kid,
        alg: algorithm,
        use: 'sig',
      })),
    };
  }

  /**
   * Takes over what the database holds. A key that stays is the same object as before, so that tokens which it has
   * verified remain verified.
   *
   * @returns what is wrong with keys that are neither used nor published: anyone who can write into the database can add
   * a row, and only what the private half proves is true of a key
   */
  take({ keys: all, now }: KeysAt): readonly string[] {
    this.taken = { time: now.getTime(), at: performance.now() };
    const problems: string[] = [];
    const live = all.filter(({ revokedAt }) => revokedAt === null);
    this.opened = new Map(live.flatMap((row) => this.materialOf(row, problems)));
    const genuine = live.filter(({ kid }) => this.opened.has(kid));
    this.rows = genuine.filter((row) => isPublished(stateOf(row, genuine, now)));
    this.materials = new Map(this.rows.map(({ kid }) => [kid, this.opened.get(kid)!]));
    this.trusted = new Set([...this.materials.values()].map(({ trusted: [key] }) => key));
    return problems;
  }

  /** The time of the database, as far as it has gone on since. */
  private now(): Date {
    return new Date(this.taken.time + performance.now() - this.taken.at);
  }

  private materialOf(row: SigningKeyRow, problems: string[]): [string, Material][] {
    const known = this.opened.get(row.kid);
    if (known && known.trusted[0].algorithm === row.algorithm) return [[row.kid, known]];
    try {
      return [[row.kid, this.open(row)]];
    } catch (error) {
      problems.push(error instanceof KeyEncryptionError ? error.message : unfit(row.kid));
      return [];
    }
  }

  private open({ kid, algorithm, privateKey }: SigningKeyRow): Material {
    const der = this.encryption.open(kid, privateKey ?? Buffer.alloc(0));
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const publicKey = createPublicKey(key);
    const jwk = publicJwkOf(publicKey);
    if (thumbprintOf(jwk) !== kid) throw new Error('another key');
    const signer = new JwsSigner({ algorithm, kid, key, typ: typOf(this.config.JWT_PROFILE) });
    return { trusted: [trustedKey(algorithm, publicKey, kid)], signer, jwk };
  }
}

function unfit(kid: string): string {
  return `Signing key ${kid} is not the key that its row says it is: it is neither used nor published`;
}
