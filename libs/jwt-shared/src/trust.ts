import type { JwtSharedOptions } from './jwt-shared.options.js';

/** What a service trusts, in one line for the log of its start, so that a wrong setting is seen before a refusal. */
export function trustIn({ verifier, revocations }: JwtSharedOptions): string {
  const { issuer, audiences, algorithm, profile } = verifier;
  const parts = [
    `issuer ${issuer}`,
    `audience ${audiences.join(' or ')}`,
    `algorithm ${algorithm}`,
    `profile ${profile}`,
  ];
  const revocation = revocations === false ? 'off: tokens are good until they expire' : 'on';
  return `Trusts ${parts.join(', ')}; revocation ${revocation}`;
}
