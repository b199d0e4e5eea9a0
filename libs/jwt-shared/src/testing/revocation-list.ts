import type { AccessToken } from '../access-token.js';
import type { RevocationSource } from '../revocation/revocation-source.js';

/** Revocations in memory, for tests. */
export class RevocationList implements RevocationSource {
  readonly #sessions = new Set<string>();
  readonly #users = new Set<string>();

  revokeSession(sessionId: string): void {
    this.#sessions.add(sessionId);
  }

  revokeUser(userId: string): void {
    this.#users.add(userId);
  }

  isRevoked({ sessionId, userId }: AccessToken): boolean {
    return this.#users.has(userId) || (sessionId !== undefined && this.#sessions.has(sessionId));
  }
}
