import type { AccessToken } from './access-token.js';
import type { KeySource, TrustedKey } from './keys/key-source.js';
import { NO_REVOCATIONS, type RevocationSource } from './revocation/revocation-source.js';
import { VerifiedAccessToken } from './token/verified-access-token.js';
import type { VerifierOptions } from './token/verifier-options.js';

/** One of the issuers that a service trusts, with all that belongs to it. */
export interface TrustedIssuer {
  readonly verifier: VerifierOptions;
  readonly keys: KeySource;
  readonly revocations: RevocationSource | false;
}

export function revocationsOf({ revocations }: Pick<TrustedIssuer, 'revocations'>): RevocationSource {
  return revocations === false ? NO_REVOCATIONS : revocations;
}

/** The keys of several issuers, as far as they are asked for together: each is looked for by its own verifier. */
export function keysOf(issuers: readonly TrustedIssuer[]): KeySource {
  const sources = [...new Set(issuers.map(({ keys }) => keys))];
  return {
    find: () => [],
    isTrusted: (key) => sources.some((source) => source.isTrusted(key)),
    get isAvailable() {
      return sources.every((source) => source.isAvailable ?? true);
    },
    age: () => Math.max(...sources.map((source) => source.age?.() ?? 0)),
    refresh: async () => void (await Promise.all(sources.map(async (source) => source.refresh?.()))),
    start: () => sources.forEach((source) => source.start?.()),
    stop: () => sources.forEach((source) => source.stop?.()),
  };
}

/** What several issuers have revoked: each is asked about the tokens that its own keys have signed, and no other. */
export function revocationsOfAll(issuers: readonly TrustedIssuer[]): RevocationSource | false {
  const sources = [
    ...new Set(issuers.flatMap(({ revocations }) => (revocations === false ? [] : [revocations]))),
  ];
  if (sources.length === 0) return false;
  const sourceOf = (token: AccessToken): RevocationSource | undefined => {
    const key: TrustedKey | undefined = VerifiedAccessToken.keyOf(token);
    const issuer = key && issuers.find(({ keys }) => keys.isTrusted(key));
    return issuer && revocationsOf(issuer);
  };
  return {
    // A token whose key nobody trusts any more is let in nowhere.
    isRevoked: (token) => sourceOf(token)?.isRevoked(token) ?? true,
    isStale: (token) => sourceOf(token)?.isStale?.(token) ?? false,
    age: () => Math.max(...sources.map((source) => source.age?.() ?? 0)),
    known: Promise.all(sources.map(async ({ known }) => known)).then(() => undefined),
    describe: () =>
      Object.assign({}, ...sources.map((source) => source.describe?.())) as Record<string, unknown>,
    onKeyRevoked: (listener) => sources.forEach((source) => source.onKeyRevoked?.(listener)),
    start: () => sources.forEach((source) => source.start?.()),
    stop: () => sources.forEach((source) => source.stop?.()),
  };
}
