import type { AccessToken, Actor } from '../access-token.js';
import { elapsed, secondsOf, SYSTEM_CLOCK, type Clock } from '../clock.js';
import { VerifiedAccessToken } from '../token/verified-access-token.js';
import type { Revocation, RevocationKind } from './revocation.js';
import type { RevocationSource } from './revocation-source.js';

/** Seconds between two looks for what may be forgotten. */
const PRUNE_EVERY = 10;

/** What is held of a revocation beside its kind and id: there may be very many, so none is kept as it came. */
interface Held {
  readonly until: number;
  /** Of a kind without a cut-off none: every token is earlier. */
  readonly before: number | undefined;
  readonly client: string | undefined;
  /** The second of the monotonic clock before which it is not forgotten. */
  readonly keepUntil: number;
  /** Whether auth has said how many seconds remained; an older one does not. */
  readonly isCounted: boolean;
}

/**
 * Revocations in memory, each until the last token that it concerns has expired: what is held is bounded by what
 * is revoked within one token's life. How long that is, auth says in remaining seconds, which are counted by a clock
 * that never jumps: a wrong wall clock makes it forget nothing.
 */
export class RevocationList implements RevocationSource {
  readonly #held: Readonly<Record<RevocationKind, Map<string, Held>>> = {
    session: new Map(),
    user: new Map(),
    key: new Map(),
    client: new Map(),
    'stale-user': new Map(),
    'stale-role': new Map(),
    token: new Map(),
  };
  /** By client the end of the second in which the latest of its revoked tokens was issued. */
  readonly #tokensBefore = new Map<string, number>();
  #prunedAt = -Infinity;

  constructor(private readonly clock: Clock = SYSTEM_CLOCK) {}

  /** How many revocations are held. */
  get size(): number {
    return Object.values(this.#held).reduce((sum, { size }) => sum + size, 0);
  }

  /** Adds to what is held. Nothing is ever taken back: a revocation ends with the tokens that it concerns. */
  add(revocations: readonly Revocation[]): void {
    for (const revocation of revocations) this.#hold(revocation);
    this.#prune();
  }

  isRevoked(token: AccessToken): boolean {
    const { session, user, key, client, token: tokens } = this.#held;
    const { sessionId, userId, issuedAt } = token;
    if (session.size > 0 && sessionId !== undefined && session.has(sessionId)) return true;
    if (user.size > 0 && isBefore(user, userId, issuedAt)) return true;
    if (client.size > 0 && isOfClient(client, token)) return true;
    if (tokens.size > 0 && this.#isTokenRevoked(token)) return true;
    if (key.size === 0) return false;
    const kid = VerifiedAccessToken.keyOf(token)?.kid;
    return kid !== undefined && key.has(kid);
  }

  isStale({ userId, roles, issuedAt }: AccessToken): boolean {
    const { 'stale-user': users, 'stale-role': changed } = this.#held;
    if (users.size > 0 && isBefore(users, userId, issuedAt)) return true;
    return changed.size > 0 && roles.some((role) => isBefore(changed, role, issuedAt));
  }

  /** Everything that is held, each with what remains of its life now. */
  all(): Revocation[] {
    const now = elapsed(this.clock);
    const all: Revocation[] = [];
    for (const [kind, ofKind] of Object.entries(this.#held)) {
      for (const [id, held] of ofKind) all.push(revocationOf(kind as RevocationKind, id, held, now));
    }
    return all;
  }

  /** What is held of a session, a user, a key and so on. */
  find<Kind extends RevocationKind>(kind: Kind, id: string): Extract<Revocation, { kind: Kind }> | undefined {
    const held = this.#held[kind].get(id);
    return held && (revocationOf(kind, id, held, elapsed(this.clock)) as Extract<Revocation, { kind: Kind }>);
  }

  /** A token's id is read from its text each time, so that is done only where it may be one of them. */
  #isTokenRevoked(token: AccessToken): boolean {
    const { clientId = '', issuedAt } = token;
    if (issuedAt >= (this.#tokensBefore.get(clientId) ?? 0)) return false;
    return this.#held.token.has(token.tokenId ?? '');
  }

  #hold(revocation: Revocation): void {
    const ofKind = this.#held[revocation.kind];
    const known = ofKind.get(revocation.id);
    const { before, client } = { before: undefined, client: undefined, ...revocation };
    const isCounted = revocation.for !== undefined;
    const remaining = revocation.for ?? revocation.until - secondsOf(this.clock);
    const keepUntil = Math.max(elapsed(this.clock) + Math.max(0, remaining), known?.keepUntil ?? 0);
    // Of two cut-offs the later one covers both, in whichever order they arrive.
    if (known?.before !== undefined && before !== undefined && before < known.before) return;
    ofKind.set(revocation.id, { until: revocation.until, before, client, keepUntil, isCounted });
    if (client === undefined || before === undefined) return;
    this.#tokensBefore.set(client, Math.max(this.#tokensBefore.get(client) ?? 0, before));
  }

  #prune(): void {
    const now = elapsed(this.clock);
    if (now < this.#prunedAt + PRUNE_EVERY) return;
    this.#prunedAt = now;
    const wall = secondsOf(this.clock);
    for (const ofKind of Object.values(this.#held)) {
      for (const [id, { until, keepUntil, isCounted }] of ofKind) {
        // An older auth says only `until`, which a wall clock that is wrong for a while must not let pass.
        const isOver = keepUntil <= now && (isCounted || until < wall);
        if (isOver) ofKind.delete(id);
      }
    }
    if (this.#held.token.size === 0) this.#tokensBefore.clear();
  }
}

function revocationOf(
  kind: RevocationKind,
  id: string,
  { until, before, client, keepUntil, isCounted }: Held,
  now: number,
): Revocation {
  const remaining = isCounted ? Math.max(0, keepUntil - now) : undefined;
  return { kind, id, until, before, client, for: remaining } as Revocation;
}

function isBefore(cutOffs: ReadonlyMap<string, Held>, id: string, issuedAt: number): boolean {
  const held = cutOffs.get(id);
  return held?.before !== undefined && issuedAt < held.before;
}

/** A client answers for the tokens that it holds for itself and for those that it acts with, at any place of the chain. */
function isOfClient(cutOffs: ReadonlyMap<string, Held>, token: AccessToken): boolean {
  const { clientId, issuedAt } = token;
  if (clientId !== undefined && isBefore(cutOffs, clientId, issuedAt)) return true;
  for (let actor: Actor | undefined = token.actor; actor !== undefined; actor = actor.actor) {
    if (isBefore(cutOffs, actor.clientId, issuedAt)) return true;
  }
  return false;
}
