import type { FeedSettings, JwtSharedSettings } from '../jwt-shared.settings.js';
import { JWT_ALGORITHMS } from '../jose/algorithm.js';
import { isObject } from '../jose/strict-json.js';
import { JWT_RULES } from './jwt.environment.js';
import { faultsOf } from './read-settings.js';
import { REVOCATION_RULES } from './revocation.environment.js';
import { isWebUrl, optional, type Rule, type Rules } from './rule.js';
import { weaknessOf } from './weak-secrets.js';

const URL_FAULT = 'must be an http:// or https:// URL';
const NAMES_FAULT = 'must be the name of this service in `aud`, or a list of names';
const REVOCATIONS_FAULT =
  'must be { url, key } of the feed of auth, or false: tokens are then good until they expire';

const isFunction: Rule<never> = {
  faultOf: (value) => (typeof value === 'function' ? undefined : 'must be a function'),
};
const isRecord: Rule<never> = { faultOf: (value) => (isObject(value) ? undefined : 'must be an object') };

const FEED_RULES: Rules<FeedSettings> = {
  url: { faultOf: (value) => (isList(value, isWebUrl) ? undefined : `${URL_FAULT}, or a list of them`) },
  key: REVOCATION_RULES.REVOCATION_FEED_KEY,
  onStale: optional(REVOCATION_RULES.REVOCATION_ON_STALE),
  maxAge: optional(REVOCATION_RULES.REVOCATION_MAX_AGE),
  startWait: optional(REVOCATION_RULES.REVOCATION_START_WAIT_SECONDS),
};

/** The rules of {@link JwtSharedSettings}. */
export const SETTINGS_RULES: Rules<JwtSharedSettings> = {
  issuer: JWT_RULES.JWT_ISSUER,
  audience: { faultOf: (value) => (isList(value, (name) => name !== '') ? undefined : NAMES_FAULT) },
  profile: {
    faultOf: (value, { algorithms, secret }) => {
      if (value === undefined || value === 'rfc9068') return undefined;
      const isHs256 = Array.isArray(algorithms) ? algorithms.includes('HS256') : secret !== undefined;
      return value === 'bare' && isHs256
        ? undefined
        : 'must be rfc9068, or bare with the algorithm HS256 only';
    },
  },
  algorithms: optional({
    faultOf: (value) => {
      const isOne = Array.isArray(value) && value.length === 1 && JWT_ALGORITHMS.includes(value[0] as never);
      return isOne ? undefined : `must be a list with one of ${JWT_ALGORITHMS.join(', ')}`;
    },
  }),
  secret: {
    faultOf: (value, { algorithms }) => {
      const isHs256 = Array.isArray(algorithms) ? algorithms.includes('HS256') : value !== undefined;
      if (isHs256) return weaknessOf(value);
      return value === undefined ? undefined : 'must not be set but for the algorithm HS256';
    },
  },
  previousSecret: optional({ faultOf: weaknessOf }),
  jwksUri: optional({
    faultOf: (value) => (typeof value === 'string' && isWebUrl(value) ? undefined : URL_FAULT),
  }),
  clockTolerance: optional(JWT_RULES.JWT_CLOCK_TOLERANCE),
  maxLifetime: optional(JWT_RULES.JWT_MAX_LIFETIME),
  revocations: { faultOf: revocationsFault },
  cache: optional(isRecord),
  fetch: optional(isFunction),
  clock: optional({ faultOf: (value) => (hasMethod(value, 'now') ? undefined : 'must have a method now()') }),
};

/** Options that do not exist: a misspelt one would leave its default in force without a word. */
export function unknownOptions(settings: object): string[] {
  const unknown = Object.keys(settings).filter((name) => !Object.hasOwn(SETTINGS_RULES, name));
  return unknown.map((name) => `${name} is not an option of JwtSharedModule`);
}

function revocationsFault(value: unknown): string | undefined {
  if (value === false || hasMethod(value, 'isRevoked')) return undefined;
  if (!isObject(value)) return REVOCATIONS_FAULT;
  const [fault] = faultsOf(FEED_RULES, value);
  return fault && `is wrong: ${fault}`;
}

function isList(value: unknown, test: (item: string) => boolean): boolean {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((item) => typeof item === 'string' && test(item));
}

function hasMethod(value: unknown, name: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)[name] === 'function'
  );
}
