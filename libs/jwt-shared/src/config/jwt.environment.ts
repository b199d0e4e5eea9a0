import { IsIn, IsOptional, IsUrl, Matches, ValidateBy, ValidateIf } from 'class-validator';
import { JWT_ALGORITHMS, type JwtAlgorithm } from '../jose/algorithm.js';
import { DEFAULT_MAX_LIFETIME, type JwtProfile } from '../token/verifier-options.js';
import { DEFAULT_CACHE_LIMITS } from '../verified-token.cache.js';
import { IsStrongSecret } from './strong-secret.validator.js';
import { WholeNumber } from './whole-number.validator.js';

const WEB_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
const WEB_URL_WORDS = { message: 'must be an http:// or https:// URL, such as http://localhost:3000' };
const DAY = 86_400;

const isHs256 = (env: JwtEnvironment) => env.JWT_ALGORITHM === 'HS256';

/**
 * The variables that a service which verifies tokens reads. Messages are predicates, to be put behind the
 * variable's name, and never hold a value. Numbers may be given as strings.
 */
export class JwtEnvironment {
  /** `HS256` with a shared secret, or an algorithm whose public keys are fetched from auth. */
  @IsIn(JWT_ALGORITHMS, { message: `must be one of ${JWT_ALGORITHMS.join(', ')}` })
  JWT_ALGORITHM: JwtAlgorithm = 'HS256';

  /** The shared secret of `HS256`, at least 32 bytes; other algorithms ignore it. */
  @ValidateIf(isHs256)
  @IsStrongSecret()
  JWT_SECRET?: string;

  /** Still accepted while the secret is being changed. */
  @ValidateIf((env: JwtEnvironment) => isHs256(env) && env.JWT_SECRET_PREVIOUS !== undefined)
  @IsStrongSecret()
  JWT_SECRET_PREVIOUS?: string;

  /** What `iss` must be, to the character. */
  @Matches(/^\S+$/, {
    message: 'must be the issuer exactly as tokens name it, such as http://localhost:3000',
  })
  JWT_ISSUER = 'http://localhost:3000';

  /** The names of this service, comma separated, one of which `aud` must hold. */
  @ValidateBy({
    name: 'isListOfNames',
    validator: {
      validate: (value) => typeof value === 'string' && namesIn(value).every((name) => name !== ''),
      defaultMessage: () => 'must be one or more names, comma separated',
    },
  })
  JWT_AUDIENCE = 'signet';

  /** `rfc9068`, or `bare` for tokens of `sub`, `iat` and `exp` alone under `HS256`. */
  @ValidateBy({
    name: 'isProfileOfAlgorithm',
    validator: {
      validate: (value, args) =>
        value === 'rfc9068' || (value === 'bare' && isHs256(args?.object as JwtEnvironment)),
      defaultMessage: () => 'must be rfc9068, or bare with JWT_ALGORITHM HS256 only',
    },
  })
  JWT_PROFILE: JwtProfile = 'rfc9068';

  /** Seconds by which clocks may differ. */
  @WholeNumber(0, 60, 'seconds')
  JWT_CLOCK_TOLERANCE = 5;

  /** Seconds of the longest life that a token may have been given. */
  @WholeNumber(1, DAY, 'seconds')
  JWT_MAX_LIFETIME = DEFAULT_MAX_LIFETIME;

  /** Base URL of auth. */
  @IsUrl(WEB_URL, WEB_URL_WORDS)
  AUTH_URL = 'http://localhost:3000';

  /** Where the public keys are; unset: `<AUTH_URL>/.well-known/jwks.json`. */
  @IsOptional()
  @IsUrl(WEB_URL, WEB_URL_WORDS)
  JWT_JWKS_URL?: string;

  /** Seconds between two fetches of the keys because of an unknown `kid`. */
  @WholeNumber(1, DAY, 'seconds')
  JWKS_COOLDOWN = 30;

  /** Seconds for which the last known keys serve while auth cannot be reached; after that all tokens are refused. */
  @WholeNumber(1, 7 * DAY, 'seconds')
  JWKS_HARD_LIMIT = 3600;

  /** Verified tokens to remember; 0: none. */
  @WholeNumber(0, 10_000_000)
  TOKEN_CACHE_MAX_ENTRIES: number = DEFAULT_CACHE_LIMITS.maxEntries;

  /** Memory for them. */
  @WholeNumber(0, 10_000_000_000, 'bytes')
  TOKEN_CACHE_MAX_BYTES: number = DEFAULT_CACHE_LIMITS.maxBytes;
}

/** The names in a comma separated list. */
export function namesIn(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}
