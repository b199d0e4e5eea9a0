import { Logger } from '@nestjs/common';
import { JWT_RULES, type JwtEnvironment } from './config/jwt.environment.js';
import { productionGaps } from './config/production-gaps.js';
import { readEnvironment } from './config/read-settings.js';
import { REVOCATION_RULES, type RevocationEnvironment } from './config/revocation.environment.js';
import { namesIn } from './config/rule.js';
import { assertNoFaults } from './config/settings.error.js';
import { faultsOfIssuers } from './config/settings.rules.js';
import type { JwtSharedOptions } from './jwt-shared.options.js';
import type { FeedSettings, JwtSharedSettings } from './jwt-shared.settings.js';
import type { TokenAlgorithm } from './jose/algorithm.js';
import { JwksSource, type JwksSourceOptions } from './keys/jwks.source.js';
import type { KeySource } from './keys/key-source.js';
import { SharedSecretSource } from './keys/shared-secret.source.js';
import { RevocationFeedClient } from './revocation/revocation-feed.client.js';
import type { VerifierOptions } from './token/verifier-options.js';
import { keysOf, revocationsOfAll, type TrustedIssuer } from './trusted-issuer.js';
import type { CacheLimits } from './verified-token.cache.js';

/**
 * What a service accepts, as its environment says it.
 *
 * @throws {JwtSettingsError} with one line for each fault, which names a variable
 */
export function optionsFromEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): JwtSharedOptions {
  const tokens = readEnvironment(JWT_RULES, environment, productionGaps('service', environment));
  const feed = readEnvironment(REVOCATION_RULES, environment);
  assertNoFaults([...tokens.faults, ...feed.faults]);
  const env = { ...tokens.values, ...feed.values };
  return {
    verifier: verifierOptions(env),
    keys: keySource(env),
    cache: cacheLimits(env),
    ...revocationOptions(feedSettings(env)),
  };
}

/**
 * What a service accepts, as it says in code. Of several issuers each has its own keys, audience, algorithms and
 * revocations; the strictest limit holds for all where there can be one only.
 *
 * @throws {JwtSettingsError} with one line for each fault, which names an option
 */
export function optionsFromSettings(
  told: JwtSharedSettings | readonly JwtSharedSettings[],
): JwtSharedOptions {
  const all: readonly JwtSharedSettings[] = [told].flat();
  assertNoFaults(faultsOfIssuers(all));
  const parts = all.map((settings) => partsOf(settings));
  const issuers = parts.flatMap((part) => part.issuers);
  const [first] = issuers;
  if (first === undefined || issuers.length === 1) return { ...parts[0]!.limits, ...first! };
  const limits = parts.map((part) => part.limits);
  const clockTolerance = Math.min(...issuers.map(({ verifier }) => verifier.clockTolerance));
  return {
    verifier: { ...first.verifier, clockTolerance },
    issuers,
    keys: keysOf(issuers),
    revocations: revocationsOfAll(issuers),
    cache: limits.find(({ cache }) => cache !== undefined)?.cache,
    clock: limits.find(({ clock }) => clock !== undefined)?.clock,
    maxRevocationAge: Math.min(...limits.map(({ maxRevocationAge = Infinity }) => maxRevocationAge)),
    startWait: Math.max(...limits.map(({ startWait = 0 }) => startWait)),
  };
}

type Limits = Omit<JwtSharedOptions, keyof TrustedIssuer | 'issuers'>;

/** One issuer for each algorithm that is named, so that each key has one. */
function partsOf(settings: JwtSharedSettings): {
  readonly issuers: readonly TrustedIssuer[];
  readonly limits: Limits;
} {
  const { issuer, audience, profile = 'rfc9068', claims, clockTolerance = 5, maxLifetime } = settings;
  const { cache, clock, fetch, jwksUri, secret, previousSecret } = settings;
  const { revocations, ...limits } = revocationOptions(settings.revocations, settings);
  const audiences = [audience].flat();
  const overrides = {
    isStrict: profile !== 'oidc',
    discover: profile === 'oidc' && jwksUri === undefined ? issuer : undefined,
    ...(fetch && { fetch }),
    ...(clock && { clock }),
  };
  const usual = secret !== undefined ? 'HS256' : profile === 'oidc' ? 'RS256' : 'ES256';
  const issuers = (settings.algorithms ?? [usual]).map((algorithm): TrustedIssuer => {
    const env = { ...readEnvironment(JWT_RULES, {}).values, JWT_ALGORITHM: algorithm, AUTH_URL: issuer };
    Object.assign(env, { JWT_SECRET: secret, JWT_SECRET_PREVIOUS: previousSecret, JWT_JWKS_URL: jwksUri });
    const verifier = { algorithm, issuer, audiences, profile, claims, clockTolerance, maxLifetime };
    return { verifier, keys: keySource(env, overrides), revocations };
  });
  return { issuers, limits: { ...limits, cache, clock } };
}

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
export function keySource(
  env: Omit<JwtEnvironment, 'JWT_ALGORITHM'> & { readonly JWT_ALGORITHM: TokenAlgorithm },
  overrides: Partial<JwksSourceOptions> = {},
): KeySource {
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

function feedSettings(env: Pick<JwtEnvironment, 'AUTH_URL'> & RevocationEnvironment): FeedSettings {
  return {
    url: namesIn(env.REVOCATION_FEED_URL ?? pathOfAuth(env, '/revocations')),
    key: env.REVOCATION_FEED_KEY,
    onStale: env.REVOCATION_ON_STALE,
    maxAge: env.REVOCATION_MAX_AGE,
    startWait: env.REVOCATION_START_WAIT_SECONDS,
  };
}

function revocationOptions(
  revocations: JwtSharedSettings['revocations'],
  { fetch, clock }: Pick<JwtSharedSettings, 'fetch' | 'clock'> = {},
): Pick<JwtSharedOptions, 'revocations' | 'maxRevocationAge' | 'startWait'> {
  if (revocations === false || 'isRevoked' in revocations) return { revocations };
  const { url, key, onStale = 'accept', maxAge = 30, startWait = 10 } = revocations;
  const logger = new Logger('Revocations');
  const feed = new RevocationFeedClient({
    urls: [url].flat(),
    key,
    fetch,
    clock,
    report: (level, change) => logger[level](change),
  });
  // Under `reject` no token is let in before something is known, so there is nothing to wait for.
  return onStale === 'reject'
    ? { revocations: feed, maxRevocationAge: maxAge }
    : { revocations: feed, startWait };
}

function pathOfAuth({ AUTH_URL }: Pick<JwtEnvironment, 'AUTH_URL'>, path: string): string {
  return `${AUTH_URL.replace(/\/+$/, '')}${path}`;
}
