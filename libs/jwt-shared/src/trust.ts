import type { JwtSharedOptions } from './jwt-shared.options.js';

/** What a service trusts, in one line for the log of its start. */
export function trustIn({ verifier, revocations }: JwtSharedOptions): string {
  const { issuer, audiences, algorithm, profile } = verifier;
  const revocation = revocations === false ? 'off: tokens are good until they expire' : 'on';
  return `Trusts issuer ${issuer}, audience ${audiences.join(' or ')}, algorithm ${algorithm}, profile ${profile}; revocation ${revocation}`;
}
