import type { AccessToken, Actor } from './access-token.js';
import type { EarlyEnd, TokenStanding } from './token-standing.js';
import { VerifiedAccessToken } from './token/verified-access-token.js';

/** How much a {@link VerifiedTokenCache} may hold. */
export interface CacheLimits {
  /** 100,000 unless told; 0 switches the cache off. */
  readonly maxEntries?: number | undefined;
  /** 100 MB unless told. What is counted is an estimate of real memory, on the high side. */
  readonly maxBytes?: number | undefined;
}

/** Limits for a service that says nothing about them. */
export const DEFAULT_CACHE_LIMITS = { maxEntries: 100_000, maxBytes: 100_000_000 } as const;

interface Entry {
  readonly accessToken: AccessToken;
  /** Hit since the hand last came by. */
  used: boolean;
}

/** What V8 takes for an entry: objects, strings' headers, its share of the hash table (measured, rounded up). */
const ENTRY_BYTES = 200;
const ROLE_BYTES = 32;
const ACTOR_BYTES = 64;
/** Bounds the work of one insertion: after so many second chances the next entry goes, used or not. */
const MAX_SECOND_CHANCES = 64;

/**
 * Tokens that have been verified, so that a token's second request costs a look-up. The key is the whole token:
 * no digest or part of it could stand for two. Only what the verifier made gets in, so junk cannot push tokens
 * out, and a hand that spares what was used since its last round (the SIEVE algorithm) keeps a flood of good
 * tokens, each used once, from doing so.
 */
export class VerifiedTokenCache {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #hand: MapIterator<[string, Entry]> = this.#entries.entries();
  #bytes = 0;

  constructor(
    private readonly standing: TokenStanding,
    {
      maxEntries = DEFAULT_CACHE_LIMITS.maxEntries,
      maxBytes = DEFAULT_CACHE_LIMITS.maxBytes,
    }: CacheLimits = {},
  ) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Estimated memory of everything held. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * What the verifier said of this very token, if that still holds: it has not expired, its key is still
   * trusted, it has been neither revoked nor made stale. Otherwise nothing: ask {@link endOf}, then the verifier.
   */
  find(token: string): AccessToken | undefined {
    const entry = this.#entries.get(token);
    if (entry === undefined) return undefined;
    const { accessToken } = entry;
    if (!this.standing.stands(accessToken)) {
      this.#remove(token, accessToken);
      return undefined;
    }
    // It stays until it expires, and `endOf` knows it; it is not in use, though, so others come first.
    if (this.standing.endOf(accessToken) !== undefined) return undefined;
    entry.used = true;
    return accessToken;
  }

  /** How this very token has ended, which was verified before and has nothing else against it now. */
  endOf(token: string): EarlyEnd | undefined {
    const accessToken = this.#entries.get(token)?.accessToken;
    return accessToken !== undefined && this.standing.stands(accessToken)
      ? this.standing.endOf(accessToken)
      : undefined;
  }

  /** Remembers a token that the verifier has made; does nothing for any other object. */
  add(token: string, accessToken: AccessToken): void {
    const key = VerifiedAccessToken.keyOf(accessToken);
    const bytes = bytesOf(token, accessToken);
    if (key === undefined || bytes > this.#maxBytes || this.#maxEntries < 1 || this.#entries.has(token))
      return;
    this.#makeRoom(bytes);
    this.#entries.set(token, { accessToken, used: false });
    this.#bytes += bytes;
  }

  /** Moves the hand by one entry at least, so that expired ones go even while there is room. */
  #makeRoom(bytes: number): void {
    for (let chances = MAX_SECOND_CHANCES; ;) {
      const isFull = this.#entries.size >= this.#maxEntries || this.#bytes + bytes > this.#maxBytes;
      const next = this.#advance();
      if (next === undefined) return;
      const [token, entry] = next;
      if (this.standing.isPast(entry.accessToken)) this.#remove(token, entry.accessToken);
      else if (!isFull) return;
      else if (entry.used && chances-- > 0) entry.used = false;
      else this.#remove(token, entry.accessToken);
    }
  }

  #advance(): [string, Entry] | undefined {
    const next = this.#hand.next();
    if (!next.done) return next.value;
    this.#hand = this.#entries.entries();
    const first = this.#hand.next();
    return first.done ? undefined : first.value;
  }

  #remove(token: string, accessToken: AccessToken): void {
    this.#entries.delete(token);
    this.#bytes -= bytesOf(token, accessToken);
  }
}

/** Clients' ids and scopes are shared between tokens, so they do not count. */
function bytesOf(token: string, { userId, sessionId, roles, actor }: AccessToken): number {
  let bytes = ENTRY_BYTES + token.length + 2 * (userId.length + (sessionId?.length ?? 0));
  for (const role of roles) bytes += ROLE_BYTES + 2 * role.length;
  for (let next: Actor | undefined = actor; next !== undefined; next = next.actor)
    bytes += ACTOR_BYTES + 2 * next.clientId.length;
  return bytes;
}
