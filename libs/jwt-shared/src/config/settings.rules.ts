import type { FeedSettings, JwtSharedSettings } from '../jwt-shared.settings.js';
import { TOKEN_ALGORITHMS } from '../jose/algorithm.js';
import { isObject } from '../jose/strict-json.js';
import { JWT_RULES } from './jwt.environment.js';
import { faultsOf } from './read-settings.js';
import { REVOCATION_RULES } from './revocation.environment.js';
import { isWebUrl, optional, rule, text, type Rules } from './rule.js';
import { weaknessOf } from './weak-secrets.js';

const URL_FAULT = 'must be an http:// or https:// URL';
const ISSUER_FAULT = `${URL_FAULT} without query and fragment, as keys are looked for there unless jwksUri tells where they are`;
const NAMES_FAULT = 'must be the name of this service in `aud`, or a list of names';
const CLAIMS_FAULT =
  'must be { roles, scopes, client }: names of claims or ways to them, and a function of profile oidc';
const REVOCATIONS_FAULT =
  'must be { url, key } of the feed of auth, or false: tokens are then good until they expire';

const FEED_RULES: Rules<FeedSettings> = {
  url: rule((value) => isList(value, isWebUrl), `${URL_FAULT}, or a list of them`),
  key: REVOCATION_RULES.REVOCATION_FEED_KEY,
  onStale: optional(REVOCATION_RULES.REVOCATION_ON_STALE),
  maxAge: optional(REVOCATION_RULES.REVOCATION_MAX_AGE),
  startWait: optional(REVOCATION_RULES.REVOCATION_START_WAIT_SECONDS),
};

/** The rules of {@link JwtSharedSettings}. */
export const SETTINGS_RULES: Rules<JwtSharedSettings> = {
  issuer: {
    faultOf: (value, all) =>
      JWT_RULES.JWT_ISSUER.faultOf(value, all) ??
      (hasSecret(all) || all['jwksUri'] !== undefined || isIssuerUrl(String(value))
        ? undefined
        : ISSUER_FAULT),
  },
  audience: rule((value) => isList(value, (name) => name !== ''), NAMES_FAULT),
  profile: optional(
    rule(
      (value, all) => value === 'rfc9068' || value === (hasSecret(all) ? 'bare' : 'oidc'),
      'must be rfc9068, oidc with public keys, or bare with the algorithm HS256 only',
    ),
  ),
  claims: optional(rule(areClaimNames, CLAIMS_FAULT)),
  algorithms: optional(
    rule(areAlgorithms, `must be a list of some of ${TOKEN_ALGORITHMS.join(', ')}, HS256 only alone`),
  ),
  secret: {
    faultOf: (value, all) => {
      if (hasSecret(all)) return weaknessOf(value);
      return value === undefined ? undefined : 'must not be set but for the algorithm HS256';
    },
  },
  previousSecret: optional({ faultOf: weaknessOf }),
  jwksUri: optional(text(isWebUrl, URL_FAULT)),
  clockTolerance: optional(JWT_RULES.JWT_CLOCK_TOLERANCE),
  maxLifetime: optional(JWT_RULES.JWT_MAX_LIFETIME),
  revocations: { faultOf: revocationsFault },
  cache: optional(rule(isObject, 'must be an object')),
  fetch: optional(rule((value) => typeof value === 'function', 'must be a function')),
  clock: optional(rule((value) => hasMethod(value, 'now'), 'must have a method now()')),
};

/** Every fault of the settings of one issuer or of several. */
export function faultsOfIssuers(all: readonly JwtSharedSettings[]): string[] {
  if (all.length === 0) return ['issuers must be named, one at least'];
  const faults = all.flatMap((settings, index) => {
    const own = !isObject(settings)
      ? ['settings must be an object']
      : [...unknownOptions(settings), ...faultsOf(SETTINGS_RULES, { ...settings })];
    if (all.length > 1 && isObject(settings) && settings.profile === 'bare')
      own.push('profile bare names no issuer, so it can be trusted alone only');
    return all.length === 1 ? own : own.map((fault) => `issuers[${index}]: ${fault}`);
  });
  if (faults.length > 0) return faults;
  const names = new Set(all.map(({ issuer }) => issuer));
  return names.size === all.length ? [] : ['issuer must be another in each'];
}

/** Options that do not exist: a misspelt one would leave its default in force without a word. */
function unknownOptions(settings: object): string[] {
  const unknown = Object.keys(settings).filter((name) => !Object.hasOwn(SETTINGS_RULES, name));
  return unknown.map((name) => `${name} is not an option of JwtSharedModule`);
}

/** Whether tokens are of `HS256`. */
function hasSecret({ algorithms, secret }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(algorithms) ? algorithms.includes('HS256') : secret !== undefined;
}

/** RFC 8414 §2 and OpenID Connect Discovery 1.0 §3: without query and fragment. */
function isIssuerUrl(value: string): boolean {
  return isWebUrl(value) && !/[?#]/.test(value);
}

function areAlgorithms(value: unknown): boolean {
  const names: readonly unknown[] = Array.isArray(value) ? value : [];
  const areKnown = names.every((name) => TOKEN_ALGORITHMS.includes(name as never));
  const isSet = names.length > 0 && new Set(names).size === names.length;
  // A public key must never be taken for a shared secret.
  const isMixed = names.includes('HS256') && names.length > 1;
  return areKnown && isSet && !isMixed;
}

function areClaimNames(value: unknown, { profile }: Readonly<Record<string, unknown>>): boolean {
  const isPath = (path: unknown) =>
    path === undefined || (typeof path === 'string' ? path !== '' : isList(path, (name) => name !== ''));
  const isRight = (name: string, told: unknown) =>
    name === 'client'
      ? told === undefined || (typeof told === 'function' && profile === 'oidc')
      : ['roles', 'scopes'].includes(name) && isPath(told);
  return isObject(value) && Object.entries(value).every(([name, told]) => isRight(name, told));
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
  return isObject(value) && typeof value[name] === 'function';
}
