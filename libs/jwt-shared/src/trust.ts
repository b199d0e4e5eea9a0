import type { JwtSharedOptions } from './jwt-shared.options.js';
import type { TrustedIssuer } from './trusted-issuer.js';

type Trusted = Pick<TrustedIssuer, 'verifier' | 'revocations'>;

/** What a service trusts, in one line for the log of its start, so that a wrong setting is seen before a refusal. */
export function trustIn(options: JwtSharedOptions): string {
  const all: readonly Trusted[] = options.issuers ?? [options];
  const byIssuer = Map.groupBy(all, ({ verifier }) => verifier.issuer);
  return `Trusts ${Array.from(byIssuer.values(), described).join('; and ')}`;
}

/** @param trusted one issuer, once for each of its algorithms */
function described(trusted: readonly Trusted[]): string {
  const { verifier, revocations } = trusted[0]!;
  const parts = [
    `issuer ${verifier.issuer}`,
    `audience ${verifier.audiences.join(' or ')}`,
    `algorithm ${trusted.map((issuer) => issuer.verifier.algorithm).join(' or ')}`,
    `profile ${verifier.profile}`,
  ];
  const revocation = revocations === false ? 'off: tokens are good until they expire' : 'on';
  return `${parts.join(', ')}; revocation ${revocation}`;
}
