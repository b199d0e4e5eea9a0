import { Inject, Injectable } from '@nestjs/common';
import { createHmac, createSecretKey, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { formatRefreshToken, macInput, type RefreshToken } from './refresh-token.js';

/** Keeps this use of the secret apart from any other. */
const PURPOSE = Buffer.from('signet refresh token v1\0');

/**
 * Makes and checks refresh tokens. A token is authenticated by HMAC-SHA-256 over its session's id, its counter and
 * the session's random seed: the database lacks the secret, and whoever has the secret lacks the seeds.
 */
@Injectable()
export class RefreshTokensService {
  private readonly current: KeyObject;
  private readonly accepted: readonly KeyObject[];
  /** Stands in for the seed of a session that does not exist, so that both cost the same. */
  private readonly nobodysSeed = randomBytes(32);

  constructor(
    @Inject(authConfig.KEY)
    config: Pick<AuthConfig, 'REFRESH_TOKEN_SECRET' | 'REFRESH_TOKEN_SECRET_PREVIOUS'>,
  ) {
    const { REFRESH_TOKEN_SECRET: secret, REFRESH_TOKEN_SECRET_PREVIOUS: previous } = config;
    this.current = keyOf(secret);
    this.accepted = previous === undefined ? [this.current] : [this.current, keyOf(previous)];
  }

  /** The refresh token of a session with this counter: always the same, so that it need not be stored. */
  make(session: { readonly id: string; readonly seed: Buffer }, counter: number): string {
    const mac = macOf(this.current, session.id, counter, session.seed);
    return formatRefreshToken({ sessionId: session.id, counter, mac });
  }

  /** Whether we made this token for the session with this seed; without a session the answer is no. */
  isGenuine({ sessionId, counter, mac }: RefreshToken, seed: Buffer | undefined): boolean {
    const candidates = this.accepted.map((key) => macOf(key, sessionId, counter, seed ?? this.nobodysSeed));
    return candidates.some((candidate) => timingSafeEqual(candidate, mac)) && seed !== undefined;
  }
}

function keyOf(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, 'base64'));
}

function macOf(key: KeyObject, sessionId: string, counter: number, seed: Buffer): Buffer {
  return createHmac('sha256', key).update(PURPOSE).update(macInput(sessionId, counter)).update(seed).digest();
}
