import { JWT_ALGORITHMS, type JwtAlgorithm } from '../jose/algorithm.js';
import { DEFAULT_MAX_LIFETIME, type JwtProfile } from '../token/verifier-options.js';
import { DEFAULT_CACHE_LIMITS } from '../verified-token.cache.js';
import {
  isWebUrl,
  namesIn,
  oneOf,
  optional,
  rule,
  text,
  wholeNumber,
  type Rule,
  type Rules,
} from './rule.js';
import { weaknessOf } from './weak-secrets.js';

/** The variables that a service which verifies tokens reads. */
export interface JwtEnvironment {
  /** `HS256` with a shared secret, or an algorithm whose public keys are fetched from auth. */
  JWT_ALGORITHM: JwtAlgorithm;
  /** The shared secret of `HS256`, at least 32 bytes; other algorithms ignore it. */
  JWT_SECRET?: string | undefined;
  /** Still accepted while the secret is being changed. */
  JWT_SECRET_PREVIOUS?: string | undefined;
  /** What `iss` must be, to the character. */
  JWT_ISSUER: string;
  /** The names of this service, comma separated, one of which `aud` must hold. */
  JWT_AUDIENCE: string;
  /** `rfc9068`, or `bare` for tokens of `sub`, `iat` and `exp` alone under `HS256`. */
  JWT_PROFILE: JwtProfile;
  /** Seconds by which clocks may differ. */
  JWT_CLOCK_TOLERANCE: number;
  /** Seconds of the longest life that a token may have been given. */
  JWT_MAX_LIFETIME: number;
  /** Base URL of auth. */
  AUTH_URL: string;
  /** Where the public keys are; unset: `<AUTH_URL>/.well-known/jwks.json`. */
  JWT_JWKS_URL?: string | undefined;
  /** Seconds between two fetches of the keys because of an unknown `kid`. */
  JWKS_COOLDOWN: number;
  /** Seconds for which the last known keys serve while auth cannot be reached; after that all tokens are refused. */
  JWKS_HARD_LIMIT: number;
  /** Verified tokens to remember; 0: none. */
  TOKEN_CACHE_MAX_ENTRIES: number;
  /** Bytes of memory for them. */
  TOKEN_CACHE_MAX_BYTES: number;
}

const DAY = 86_400;
const WEB_URL = 'must be an http:// or https:// URL, such as https://auth.example.com';

const STRONG_SECRET: Rule<string> = { faultOf: weaknessOf };

/** The rules of {@link JwtEnvironment}. */
export const JWT_RULES: Rules<JwtEnvironment> = {
  JWT_ALGORITHM: oneOf(JWT_ALGORITHMS, 'HS256'),
  JWT_SECRET: underHs256(STRONG_SECRET),
  JWT_SECRET_PREVIOUS: underHs256(optional(STRONG_SECRET)),
  JWT_ISSUER: text(
    (value) => /^\S+$/.test(value),
    'must be the issuer exactly as tokens name it, such as https://auth.example.com',
    'http://localhost:3000',
  ),
  JWT_AUDIENCE: text(
    (value) => namesIn(value).every((name) => name !== ''),
    'must be one or more names, comma separated',
    'signet',
  ),
  JWT_PROFILE: {
    fallback: 'rfc9068',
    ...rule(
      (value, all) => value === 'rfc9068' || (value === 'bare' && all['JWT_ALGORITHM'] === 'HS256'),
      'must be rfc9068, or bare with JWT_ALGORITHM HS256 only',
    ),
  },
  JWT_CLOCK_TOLERANCE: wholeNumber(0, 60, 5, 'seconds'),
  JWT_MAX_LIFETIME: wholeNumber(1, DAY, DEFAULT_MAX_LIFETIME, 'seconds'),
  AUTH_URL: text(isWebUrl, WEB_URL, 'http://localhost:3000'),
  JWT_JWKS_URL: optional(text(isWebUrl, WEB_URL)),
  JWKS_COOLDOWN: wholeNumber(1, DAY, 30, 'seconds'),
  JWKS_HARD_LIMIT: wholeNumber(1, 7 * DAY, 3600, 'seconds'),
  TOKEN_CACHE_MAX_ENTRIES: wholeNumber(0, 10_000_000, DEFAULT_CACHE_LIMITS.maxEntries),
  TOKEN_CACHE_MAX_BYTES: wholeNumber(0, 10_000_000_000, DEFAULT_CACHE_LIMITS.maxBytes, 'bytes'),
};

function underHs256<T>(secret: Rule<T>): Rule<T> {
  return {
    faultOf: (value, all) => (all['JWT_ALGORITHM'] === 'HS256' ? secret.faultOf(value, all) : undefined),
  };
}
