import { Inject, Injectable } from '@nestjs/common';
import { createHmac, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { derivedKey } from '../config/base64-key.js';

const PURPOSE = 'client secret';
/** Lets secret scanners recognise one in a repository. */
const PREFIX = 'sgn_cs_';
const BYTES = 32;

/** A secret that was just made, and what is stored of it. */
export interface NewClientSecret {
  readonly secret: string;
  readonly hash: Buffer;
}

/** How a secret that was shown compares with those of a client. */
export interface SecretComparison {
  /** `outdated-key`: with a hash that was made with `REFRESH_TOKEN_SECRET_PREVIOUS`. */
  readonly match: 'current' | 'outdated-key' | 'none';
  /** Of the secret that was shown, by the key of today. */
  readonly hash: Buffer;
}

/**
 * Makes and checks client secrets. A secret has 256 random bits, so a fast hash is enough: there is nothing to guess
 * (NIST SP 800-63B-4 §3.1.2). It is an HMAC, so that a hash written into the database by someone else is worthless.
 */
@Injectable()
export class ClientSecretsService {
  private readonly keys: readonly KeyObject[];
  /** Stands in for the hash of a client that does not exist, so that both cost the same. */
  private readonly decoy = randomBytes(BYTES);

  constructor(
    @Inject(authConfig.KEY)
    config: Pick<AuthConfig, 'REFRESH_TOKEN_SECRET' | 'REFRESH_TOKEN_SECRET_PREVIOUS'>,
  ) {
    const { REFRESH_TOKEN_SECRET: current, REFRESH_TOKEN_SECRET_PREVIOUS: previous } = config;
    const secrets = previous === undefined ? [current] : [current, previous];
    this.keys = secrets.map((secret) => derivedKey(secret, PURPOSE));
  }

  /** Makes a secret; it is shown once and not kept. */
  make(): NewClientSecret {
    const secret = PREFIX + randomBytes(BYTES).toString('base64url');
    return { secret, hash: this.hash(secret) };
  }

  /** What is stored of a secret, by the key of today. */
  hash(secret: string): Buffer {
    return hashOf(secret, this.keys[0]!);
  }

  /**
   * Compares a secret with the hashes of a client, in a time that depends on neither.
   *
   * @param hashes at most two; none for an unknown client, or one without a secret
   */
  compare(secret: string, hashes: readonly (Buffer | null | undefined)[]): SecretComparison {
    const known = [hashes[0] ?? this.decoy, hashes[1] ?? this.decoy];
    const shown = this.keys.map((key) => hashOf(secret, key));
    const [current, outdated] = shown.map((hash) =>
      known.map((other) => timingSafeEqual(hash, other)).includes(true),
    );
    const match = current ? 'current' : outdated ? 'outdated-key' : 'none';
    return { match, hash: shown[0]! };
  }
}

function hashOf(secret: string, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(secret).digest();
}
