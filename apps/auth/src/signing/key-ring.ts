import { trustedKey, type KeySource, type TrustedKey } from '@signet/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { JwsSigner, typOf } from './jws-signer.js';
import { KeyEncryption, VaultError } from './key-encryption.js';
import { isPublished, signerAt, stateOf } from './key-state.js';
import type { PublicJwk } from './public-jwk.js';
import { Signers } from './signers.js';
import { noSigningKey } from './signing-keys.errors.js';
import type { SigningKeyRow } from './signing-keys.table.js';

/** What a key is used by. */
interface Material {
  readonly trusted: readonly [TrustedKey];
  /** Undefined: the private key is sealed with a key that this replica does not have. */
  readonly signer: JwsSigner | undefined;
}

const NONE: readonly TrustedKey[] = Object.freeze([]);

/** The keys as this replica knows them: what it signs with, what it verifies with, what it publishes. */
@Injectable()
export class KeyRing implements KeySource, Signers {
  /** Those that are published. */
  private rows: readonly SigningKeyRow[] = [];
  private materials: ReadonlyMap<string, Material> = new Map();
  private trusted: ReadonlySet<TrustedKey> = new Set();

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly vault: KeyEncryption,
  ) {}

  /** @throws {ProblemException} 503 when there is no key to sign with */
  current(): JwsSigner {
    const usable = this.rows.filter(({ kid }) => this.materials.get(kid)?.signer);
    // The clock of this replica may be behind that of the one that made the first key.
    const key = signerAt(usable, new Date()) ?? usable[0];
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
  signerAge(now = new Date()): number {
    const key = signerAt(this.rows, now);
    return key ? (now.getTime() - key.createdAt.getTime()) / 1000 : 0;
  }

  /** The public halves (RFC 7517 §5), those of keys that do not sign yet, or no longer, too. */
  jwks(): { readonly keys: readonly PublicJwk[] } {
    return {
      keys: this.rows.map(({ kid, algorithm, publicJwk }) => ({
        ...publicJwk,
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
   * @returns what is wrong with keys whose private half this replica cannot open
   */
  take(all: readonly SigningKeyRow[]): readonly string[] {
    const now = new Date();
    const problems: string[] = [];
    this.rows = all.filter((row) => isPublished(stateOf(row, all, now)));
    this.materials = new Map(this.rows.map((row) => [row.kid, this.materialOf(row, problems)]));
    this.trusted = new Set([...this.materials.values()].map(({ trusted: [key] }) => key));
    return problems;
  }

  private materialOf(row: SigningKeyRow, problems: string[]): Material {
    const known = this.materials.get(row.kid);
    if (known?.signer) return known;
    const trusted = known?.trusted ?? ([trustedKeyOf(row)] as const);
    try {
      return { trusted, signer: this.signerOf(row) };
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      problems.push(error.message);
      return { trusted, signer: undefined };
    }
  }

  private signerOf({ kid, algorithm, privateKey }: SigningKeyRow): JwsSigner {
    const der = this.vault.open(kid, privateKey ?? Buffer.alloc(0));
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return new JwsSigner({ algorithm, kid, key, typ: typOf(this.config.JWT_PROFILE) });
  }
}

function trustedKeyOf({ kid, algorithm, publicJwk }: SigningKeyRow): TrustedKey {
  return trustedKey(algorithm, createPublicKey({ key: { ...publicJwk }, format: 'jwk' }), kid);
}
