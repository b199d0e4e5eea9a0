import type { AccessToken } from './access-token.js';
import { secondsOf, SYSTEM_CLOCK, type Clock } from './clock.js';
import type { KeySource, TrustedKey } from './keys/key-source.js';
import type { RevocationSource } from './revocation/revocation-source.js';
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
  readonly key: TrustedKey;
  readonly bytes: number;
  /** Hit since the hand last came by. */
  used: boolean;
}

/** What V8 needs for an entry with its strings' headers and its share of the hash table. */
const ENTRY_BYTES = 440;
const LIST_ITEM_BYTES = 32;
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

  /** @param clockTolerance seconds, the same as the verifier's */
  constructor(
    private readonly clockTolerance: number,
    private readonly keys: KeySource,
    private readonly revocations: RevocationSource,
    private readonly clock: Clock = SYSTEM_CLOCK,
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
   * trusted, it has not been revoked. Otherwise nothing, and the verifier decides anew (and says why not).
   */
  find(token: string): AccessToken | undefined {
    const entry = this.#entries.get(token);
    if (entry === undefined) return undefined;
    const { accessToken, key } = entry;
    if (this.#isPast(accessToken) || !this.keys.isTrusted(key) || this.revocations.isRevoked(accessToken)) {
      this.#remove(token, entry);
      return undefined;
    }
    entry.used = true;
    return accessToken;
  }

  /** Remembers a token that the verifier has accepted; does nothing for any other object. */
  add(token: string, accessToken: AccessToken): void {
    const key = VerifiedAccessToken.keyOf(accessToken);
    const bytes = bytesOf(token, accessToken);
    if (key === undefined || bytes > this.#maxBytes || this.#maxEntries < 1 || this.#entries.has(token))
      return;
    this.#makeRoom(bytes);
    this.#entries.set(token, { accessToken, key, bytes, used: false });
    this.#bytes += bytes;
  }

  /** Moves the hand by one entry at least, so that expired ones go even while there is room. */
  #makeRoom(bytes: number): void {
    for (let chances = MAX_SECOND_CHANCES; ;) {
      const isFull = this.#entries.size >= this.#maxEntries || this.#bytes + bytes > this.#maxBytes;
      const next = this.#advance();
      if (next === undefined) return;
      const [token, entry] = next;
      if (this.#isPast(entry.accessToken)) this.#remove(token, entry);
      else if (!isFull) return;
      else if (entry.used && chances-- > 0) entry.used = false;
      else this.#remove(token, entry);
    }
  }

  #advance(): [string, Entry] | undefined {
    const next = this.#hand.next();
    if (!next.done) return next.value;
    this.#hand = this.#entries.entries();
    const first = this.#hand.next();
    return first.done ? undefined : first.value;
  }

  #remove(token: string, entry: Entry): void {
    this.#entries.delete(token);
    this.#bytes -= entry.bytes;
  }

  #isPast({ expiresAt }: AccessToken): boolean {
    return secondsOf(this.clock) >= expiresAt + this.clockTolerance;
  }
}

function bytesOf(
  token: string,
  { userId, sessionId, tokenId, clientId, scopes, roles }: AccessToken,
): number {
  const text = userId.length + (sessionId?.length ?? 0) + (tokenId?.length ?? 0) + (clientId?.length ?? 0);
  let bytes = ENTRY_BYTES + token.length + 2 * text;
  for (const item of scopes) bytes += LIST_ITEM_BYTES + 2 * item.length;
  for (const item of roles) bytes += LIST_ITEM_BYTES + 2 * item.length;
  return bytes;
}
