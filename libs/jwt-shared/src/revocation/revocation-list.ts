import type { AccessToken } from '../access-token.js';
import { elapsed, secondsOf, SYSTEM_CLOCK, type Clock } from '../clock.js';
import { VerifiedAccessToken } from '../token/verified-access-token.js';
import type { Revocation } from './revocation.js';
import type { RevocationSource } from './revocation-source.js';

/** Seconds between two looks for what may be forgotten. */
const PRUNE_EVERY = 10;

/** What is held, and the monotonic second before which it is not forgotten, whatever the wall clock says. */
interface Held<Kind extends Revocation['kind'] = Revocation['kind']> {
  readonly revocation: Extract<Revocation, { kind: Kind }>;
  readonly keepUntil: number;
}

/**
 * Revocations in memory, each until the last token that it concerns has expired: what is held is bounded by what
 * is revoked within one token's life. A wall clock that jumps ahead and back again makes it forget nothing.
 */
export class RevocationList implements RevocationSource {
  readonly #sessions = new Map<string, Held<'session'>>();
  readonly #users = new Map<string, Held<'user'>>();
  readonly #keys = new Map<string, Held<'key'>>();
  #prunedAt = -Infinity;

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
    if (this.#users.size > 0 && issuedAt < (this.#users.get(userId)?.revocation.before ?? 0)) return true;
    if (this.#keys.size === 0) return false;
    const kid = VerifiedAccessToken.keyOf(token)?.kid;
    return kid !== undefined && this.#keys.has(kid);
  }

  /** Everything that is held. */
  all(): Revocation[] {
    const held = [...this.#sessions.values(), ...this.#users.values(), ...this.#keys.values()];
    return held.map(({ revocation }) => revocation);
  }

  /** What is held of a session, a user or a key. */
  find<Kind extends Revocation['kind']>(
    kind: Kind,
    id: string,
  ): Extract<Revocation, { kind: Kind }> | undefined {
    const held = { session: this.#sessions, user: this.#users, key: this.#keys }[kind].get(id);
    return held?.revocation as Extract<Revocation, { kind: Kind }> | undefined;
  }

  #hold(revocation: Revocation): void {
    const { id } = revocation;
    const keepUntil = elapsed(this.clock) + Math.max(0, revocation.until - secondsOf(this.clock));
    if (revocation.kind === 'session') this.#sessions.set(id, { revocation, keepUntil });
    else if (revocation.kind === 'key') this.#keys.set(id, { revocation, keepUntil });
    // Of two cut-offs the later one covers both, in whichever order they arrive.
    else if (revocation.before >= (this.#users.get(id)?.revocation.before ?? 0)) {
      this.#users.set(id, { revocation, keepUntil });
    }
  }

  #prune(): void {
    const now = elapsed(this.clock);
    if (now < this.#prunedAt + PRUNE_EVERY) return;
    this.#prunedAt = now;
    const wall = secondsOf(this.clock);
    for (const held of [this.#sessions, this.#users, this.#keys]) {
      for (const [id, { revocation, keepUntil }] of held) {
        if (revocation.until < wall && keepUntil <= now) held.delete(id);
      }
    }
  }
}
