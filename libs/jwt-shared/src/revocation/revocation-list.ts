import type { AccessToken } from '../access-token.js';
import { secondsOf, SYSTEM_CLOCK, type Clock } from '../clock.js';
import { VerifiedAccessToken } from '../token/verified-access-token.js';
import type { Revocation } from './revocation.js';
import type { RevocationSource } from './revocation-source.js';

/** Seconds between two looks for what may be forgotten. */
const PRUNE_EVERY = 10;

/**
 * Revocations in memory, each until the last token that it concerns has expired: what is held is bounded by what
 * is revoked within one token's life.
 */
export class RevocationList implements RevocationSource {
  readonly #sessions = new Map<string, Revocation>();
  readonly #users = new Map<string, Revocation & { kind: 'user' }>();
  readonly #keys = new Map<string, Revocation>();
  #prunedAt = 0;

  constructor(private readonly clock: Clock = SYSTEM_CLOCK) {}

  /** How many revocations are held. */
  get size(): number {
    return this.#sessions.size + this.#users.size + this.#keys.size;
  }

  /** Adds to what is held. Nothing is ever taken back: a revocation ends with the tokens that it concerns. */
  add(revocations: readonly Revocation[]): void {
    for (const revocation of revocations) this.#hold(revocation);
    this.#prune();
  }

  isRevoked(token: AccessToken): boolean {
    const { sessionId, userId, issuedAt } = token;
    if (this.#sessions.size > 0 && sessionId !== undefined && this.#sessions.has(sessionId)) return true;
    if (this.#users.size > 0 && issuedAt < (this.#users.get(userId)?.before ?? 0)) return true;
    if (this.#keys.size === 0) return false;
    const kid = VerifiedAccessToken.keyOf(token)?.kid;
    return kid !== undefined && this.#keys.has(kid);
  }

  #hold(revocation: Revocation): void {
    if (revocation.kind === 'session') this.#sessions.set(revocation.id, revocation);
    else if (revocation.kind === 'key') this.#keys.set(revocation.id, revocation);
    // Of two cut-offs the later one covers both, in whichever order they arrive.
    else if (revocation.before >= (this.#users.get(revocation.id)?.before ?? 0)) {
      this.#users.set(revocation.id, revocation);
    }
  }

  #prune(): void {
    const now = secondsOf(this.clock);
    if (now < this.#prunedAt + PRUNE_EVERY) return;
    this.#prunedAt = now;
    for (const held of [this.#sessions, this.#users, this.#keys]) {
      for (const [id, { until }] of held) if (until < now) held.delete(id);
    }
  }
}
