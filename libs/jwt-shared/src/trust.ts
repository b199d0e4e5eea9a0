import type { JwtSharedOptions } from './jwt-shared.options.js';
import type { TrustedIssuer } from './trusted-issuer.js';

/** What a service trusts, in one line for the log of its start, so that a wrong setting is seen before a refusal. */
export function trustIn(options: JwtSharedOptions): string {
  return `Trusts ${(options.issuers ?? [options]).map((issuer) => described(issuer)).join('; and ')}`;
}

function described({ verifier, revocations }: Pick<TrustedIssuer, 'verifier' | 'revocations'>): string {
  const { issuer, audiences, algorithm, profile } = verifier;
  const parts = [
    `issuer ${issuer}`,
    `audience ${audiences.join(' or ')}`,
    `algorithm ${algorithm}`,
    `profile ${profile}`,
  ];
  const revocation = revocations === false ? 'off: tokens are good until they expire' : 'on';
  return `${parts.join(', ')}; revocation ${revocation}`;
}
