import type { AccessToken } from '../access-token.js';

/** Knows which tokens ended before their time. Asked on every request, so it answers from memory. */
export interface RevocationSource {
  isRevoked(token: AccessToken): boolean;
}

/** For a service where tokens simply run out. */
export const NO_REVOCATIONS: RevocationSource = { isRevoked: () => false };
