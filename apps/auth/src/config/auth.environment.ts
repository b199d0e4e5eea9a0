import { JWT_RULES, REVOCATION_RULES, type JwtEnvironment } from '@signet/jwt-shared';
import { environmentOf, WholeNumber } from '@signet/service-kit';
import { IntersectionType, PickType } from '@nestjs/mapped-types';
import { IsOptional, Matches, ValidateIf } from 'class-validator';
import { IsBase64Key } from './base64-key.js';
import { KubernetesEnvironment } from './kubernetes.environment.js';
import { MailEnvironment } from './mail.environment.js';
import { PagesEnvironment } from './pages.environment.js';
import { PasswordEnvironment } from './password.environment.js';
import { Rule } from './rule.js';

const DAY = 86_400;
/** A verifier that has just refetched for an unknown `kid` does not do so again for this long (`JWKS_COOLDOWN`). */
const COOLDOWN_SECONDS = 30;

const hasKeyRing = ({ JWT_ALGORITHM }: JwtEnvironment) => JWT_ALGORITHM !== 'HS256';

/** Everything that can be set about the auth service. */
export class AuthEnvironment extends IntersectionType(
  KubernetesEnvironment,
  MailEnvironment,
  PagesEnvironment,
  PasswordEnvironment,
  environmentOf(JWT_RULES),
  PickType(environmentOf(REVOCATION_RULES), ['REVOCATION_FEED_KEY']),
) {
  override PORT = 3000;

  /**
   * Seconds of an access token's life; one longer than `JWT_MAX_LIFETIME` would be refused everywhere, and outlive its
   * revocation.
   */
  @WholeNumber(1, 3600, 'seconds')
  @Rule<AuthEnvironment>(
    'must be at most JWT_MAX_LIFETIME',
    // What is no number is told by the other rules.
    (value, { JWT_MAX_LIFETIME }) => !(Number(value) > JWT_MAX_LIFETIME),
  )
  JWT_EXPIRES_IN = 300;

  /** The name of auth itself in `aud`: its own routes take no token without it. */
  @Matches(/^[^\s,]{1,255}$/, { message: 'must be one name without spaces and commas' })
  JWT_OWN_AUDIENCE = 'auth';

  /** Seconds for which verifiers may hold the key set. */
  @WholeNumber(1, DAY, 'seconds') JWKS_MAX_AGE = 300;

  /** Seconds for which a key is published before it signs: in production, until the last verifier has had to fetch it. */
  @WholeNumber(1, 30 * DAY, 'seconds')
  @Rule<AuthEnvironment>(
    `must be at least JWKS_MAX_AGE + ${COOLDOWN_SECONDS} in production`,
    (value, { NODE_ENV, JWKS_MAX_AGE }) =>
      NODE_ENV !== 'production' || Number(value) >= JWKS_MAX_AGE + COOLDOWN_SECONDS,
  )
  KEY_PUBLISH_AHEAD = 360;

  /** Seconds for which a key signs before the next one takes over. */
  @WholeNumber(1, 3650 * DAY, 'seconds') KEY_LIFETIME: number = 30 * DAY;

  /** What the private keys of the ring are encrypted with in the database; `HS256` has no ring. */
  @ValidateIf(hasKeyRing) @IsBase64Key() KEY_ENCRYPTION_KEY?: string;

  /** Still opens what was encrypted with it while the key is being changed. */
  @IsOptional() @IsBase64Key() KEY_ENCRYPTION_KEY_PREVIOUS?: string;

  /** What refresh tokens are made with, together with the database. */
  @IsBase64Key() REFRESH_TOKEN_SECRET: string;

  /** Still accepted while the secret is being changed; no token is made with it. */
  @IsOptional() @IsBase64Key() REFRESH_TOKEN_SECRET_PREVIOUS?: string;

  /** Seconds for which a refresh token is still good after its first use, for answers that got lost. */
  @WholeNumber(0, 60, 'seconds') REFRESH_GRACE_SECONDS = 10;

  /** Seconds after which a session that nobody refreshes ends. */
  @WholeNumber(1, 3650 * DAY, 'seconds') SESSION_IDLE_SECONDS: number = 30 * DAY;

  /** Seconds after which every session ends, however much it is used. */
  @WholeNumber(1, 3650 * DAY, 'seconds') SESSION_ABSOLUTE_SECONDS: number = 90 * DAY;

  /** Sessions that an account may have at a time; one more ends the oldest. */
  @WholeNumber(1, 10_000) SESSIONS_PER_USER = 100;

  /** Seconds for which the record of security events is kept. */
  @WholeNumber(DAY, 3650 * DAY, 'seconds') AUDIT_RETENTION_SECONDS: number = 365 * DAY;

  /** Seconds for which account events wait for a receiver that does not acknowledge them. */
  @WholeNumber(1, 30 * DAY, 'seconds') EVENTS_RETENTION_SECONDS: number = 7 * DAY;

  /** Seconds within which every service should confirm that it has erased what it kept of a deleted account. */
  @WholeNumber(1, 365 * DAY, 'seconds') ERASURE_DEADLINE_SECONDS: number = DAY;

  /** Passwords hashed at a time: more would fill the four threads that file, DNS and hash work share. */
  @WholeNumber(1, 64) HASH_CONCURRENCY = 2;

  /** Logins that may wait for it, about a second of work; what comes then is answered 503 at once. */
  @WholeNumber(0, 100_000) HASH_QUEUE = 64;

  /** How long each of them waits. */
  @WholeNumber(1, 60, 'seconds') HASH_DEADLINE_SECONDS = 5;

  /** By how much the threads that hash step back for the event loop (Linux). */
  @WholeNumber(0, 19) HASH_NICENESS = 10;

  /** `off` lets everybody try as often as they like: for load tests. */
  @Rule<AuthEnvironment>(
    'must be on, or off outside production (off is for load tests)',
    (value, { NODE_ENV }) => value === 'on' || (value === 'off' && NODE_ENV !== 'production'),
  )
  RATE_LIMITS: 'on' | 'off' = 'on';

  /** Tokens that one client may ask for in a minute; what comes then is answered 429. */
  @WholeNumber(1, 1_000_000) CLIENT_TOKENS_PER_MINUTE = 6_000;

  /** Seconds between two removals of what has expired. */
  @WholeNumber(1, DAY, 'seconds') CLEANING_INTERVAL_SECONDS = 60;
}
