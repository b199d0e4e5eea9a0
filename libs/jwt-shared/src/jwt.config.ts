import { Logger } from '@nestjs/common';
import { namesIn, type JwtEnvironment } from './config/jwt.environment.js';
import type { RevocationEnvironment } from './config/revocation.environment.js';
import { JwksSource, type JwksSourceOptions } from './keys/jwks.source.js';
import type { KeySource } from './keys/key-source.js';
import { SharedSecretSource } from './keys/shared-secret.source.js';
import { RevocationFeedClient } from './revocation/revocation-feed.client.js';
import type { VerifierOptions } from './token/verifier-options.js';
import type { CacheLimits } from './verified-token.cache.js';

/** What a service accepts, from its validated environment. */
export function verifierOptions(env: JwtEnvironment): VerifierOptions {
  return {
    algorithm: env.JWT_ALGORITHM,
    issuer: env.JWT_ISSUER,
    audiences: namesIn(env.JWT_AUDIENCE),
    profile: env.JWT_PROFILE,
    clockTolerance: env.JWT_CLOCK_TOLERANCE,
    maxLifetime: env.JWT_MAX_LIFETIME,
  };
}

/**
 * Where a service's keys come from: the shared secret under `HS256`, otherwise the JWK set of auth.
 *
 * @param overrides for the JWK set, such as a clock
 * @throws {TypeError} when there is no fit secret, which a validated environment always has
 */
export function keySource(env: JwtEnvironment, overrides: Partial<JwksSourceOptions> = {}): KeySource {
  const { JWT_ALGORITHM: algorithm } = env;
  if (algorithm === 'HS256') return new SharedSecretSource(env.JWT_SECRET ?? '', env.JWT_SECRET_PREVIOUS);
  const logger = new Logger(JwksSource.name);
  return new JwksSource({
    url: env.JWT_JWKS_URL ?? pathOfAuth(env, '/.well-known/jwks.json'),
    algorithm,
    cooldown: env.JWKS_COOLDOWN,
    hardLimit: env.JWKS_HARD_LIMIT,
    report: (problem) => logger.warn(problem),
    ...overrides,
  });
}

/** How much a service remembers of the tokens that it has verified. */
export function cacheLimits(env: JwtEnvironment): CacheLimits {
  return { maxEntries: env.TOKEN_CACHE_MAX_ENTRIES, maxBytes: env.TOKEN_CACHE_MAX_BYTES };
}

/** The revocation feed of auth. */
export function revocationFeed(
  env: Pick<JwtEnvironment, 'AUTH_URL'> & RevocationEnvironment,
): RevocationFeedClient {
  const logger = new Logger(RevocationFeedClient.name);
  const urls = namesIn(env.REVOCATION_FEED_URL ?? pathOfAuth(env, '/revocations'));
  return new RevocationFeedClient({
    urls,
    key: env.REVOCATION_FEED_KEY,
    report: (change) => logger.warn(change),
  });
}

/** How old a service's knowledge of revocations may be before it lets no token in, in seconds. */
export function maxRevocationAge(env: RevocationEnvironment): number {
  return env.REVOCATION_ON_STALE === 'reject' ? env.REVOCATION_MAX_AGE : Infinity;
}

function pathOfAuth({ AUTH_URL }: Pick<JwtEnvironment, 'AUTH_URL'>, path: string): string {
  return `${AUTH_URL.replace(/\/+$/, '')}${path}`;
}
