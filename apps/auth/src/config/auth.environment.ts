import { JwtEnvironment, RevocationEnvironment } from '@app/jwt-shared';
import { ServiceEnvironment, WholeNumber } from '@app/service-kit';
import { IntersectionType, PickType } from '@nestjs/mapped-types';
import { IsIn, IsOptional } from 'class-validator';
import { IsRateLimitSwitch } from './rate-limit-switch.js';
import { IsBase64Key } from './base64-key.js';
import { Seconds } from './seconds.js';

const DAY = 86_400;

/** Everything that can be set about the auth service. */
export class AuthEnvironment extends IntersectionType(
  ServiceEnvironment,
  JwtEnvironment,
  PickType(RevocationEnvironment, ['REVOCATION_FEED_KEY']),
) {
  override PORT = 3000;

  @IsIn(['HS256'], {
    message: 'must be HS256: this version of auth has no key ring for other algorithms yet',
  })
  override JWT_ALGORITHM = 'HS256' as const;

  /** Seconds of an access token's life. */
  @Seconds(1, 3600)
  JWT_EXPIRES_IN = 300;

  /** What refresh tokens are made with, together with the database. */
  @IsBase64Key()
  REFRESH_TOKEN_SECRET: string;

  /** Still accepted while the secret is being changed; no token is made with it. */
  @IsOptional()
  @IsBase64Key()
  REFRESH_TOKEN_SECRET_PREVIOUS?: string;

  /** Seconds for which a refresh token is still good after its first use, for answers that got lost. */
  @Seconds(0, 60)
  REFRESH_GRACE_SECONDS = 10;

  /** Seconds after which a session that nobody refreshes ends. */
  @Seconds(1, 3650 * DAY)
  SESSION_IDLE_SECONDS: number = 30 * DAY;

  /** Seconds after which every session ends, however much it is used. */
  @Seconds(1, 3650 * DAY)
  SESSION_ABSOLUTE_SECONDS: number = 90 * DAY;

  /** Passwords hashed at a time: more would fill the four threads that file, DNS and hash work share. */
  @WholeNumber(1, 64)
  HASH_CONCURRENCY = 2;

  /** Logins that may wait for it, about a second of work; what comes then is answered 503 at once. */
  @WholeNumber(0, 100_000)
  HASH_QUEUE = 64;

  /** How long each of them waits. */
  @Seconds(1, 60)
  HASH_DEADLINE_SECONDS = 5;

  /** By how much the threads that hash step back for the event loop (Linux). */
  @WholeNumber(0, 19)
  HASH_NICENESS = 10;

  /** `off` lets everybody try as often as they like: for load tests. */
  @IsRateLimitSwitch()
  RATE_LIMITS: 'on' | 'off' = 'on';

  /** Seconds between two removals of what has expired. */
  @Seconds(1, DAY)
  CLEANING_INTERVAL_SECONDS = 60;
}
