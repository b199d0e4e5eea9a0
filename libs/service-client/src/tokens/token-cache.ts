import type { IssuedToken } from './token-endpoint.js';

/** Seconds before its end from which a token is not used any more: it has to arrive. */
const MARGIN = 1;
/** A token of the service's own is renewed after this part of its life, drawn anew each time. */
const RENEW_FROM = 0.7;
const RENEW_UNTIL = 0.9;

interface Entry {
  readonly token: string;
  /** Seconds of a clock that never jumps. */
  readonly endsAt: number;
  readonly renewAt: number;
}

/** Whose tokens are kept: those of a user's token, or the service's own. */
export type TokenOwner = string | undefined;

/**
 * Tokens for one service, by the user's token that each was exchanged for. However many ask at once, one token is
 * fetched. A token of the service's own is renewed in the background before it ends, at a moment of chance, so that
 * replicas that were started together do not ask together; an exchanged token ends with the user's, and is not renewed.
 */
export class TokenCache {
  readonly #entries = new Map<TokenOwner, Entry>();
  readonly #fetching = new Map<TokenOwner, Promise<string>>();

  /**
   * @param fetchToken asks auth
   * @param maxEntries beyond it, the one used longest ago goes
   * @param now seconds that never jump
   */
  constructor(
    private readonly fetchToken: (owner: TokenOwner) => Promise<IssuedToken>,
    private readonly maxEntries: number,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  /** A token that is good now: from memory, or from auth. @throws what `fetchToken` throws */
  get(owner: TokenOwner): string | Promise<string> {
    const entry = this.#entries.get(owner);
    const now = this.now();
    if (entry === undefined || now >= entry.endsAt) return this.#fetch(owner);
    // Used last, so that it goes last.
    this.#entries.delete(owner);
    this.#entries.set(owner, entry);
    // The one there is still serves, so a renewal that fails is tried again by the next call.
    if (now >= entry.renewAt) void this.#fetch(owner).catch(() => undefined);
    return entry.token;
  }

  /** Forgets a token that was refused; another one, fetched meanwhile, stays. */
  forget(owner: TokenOwner, token: string): void {
    if (this.#entries.get(owner)?.token === token) this.#entries.delete(owner);
  }

  #fetch(owner: TokenOwner): Promise<string> {
    let fetching = this.#fetching.get(owner);
    if (fetching === undefined) {
      fetching = this.#fetchNow(owner).finally(() => this.#fetching.delete(owner));
      this.#fetching.set(owner, fetching);
    }
    return fetching;
  }

  async #fetchNow(owner: TokenOwner): Promise<string> {
    // Counted from before the request: auth does from after it.
    const now = this.now();
    const { token, expiresIn } = await this.fetchToken(owner);
    const part = RENEW_FROM + (RENEW_UNTIL - RENEW_FROM) * Math.random();
    const renewAt = owner === undefined ? now + expiresIn * part : Infinity;
    this.#entries.delete(owner);
    this.#entries.set(owner, { token, endsAt: now + expiresIn - MARGIN, renewAt });
    this.#makeRoom();
    return token;
  }

  #makeRoom(): void {
    for (const owner of this.#entries.keys()) {
      if (this.#entries.size <= this.maxEntries) return;
      this.#entries.delete(owner);
    }
  }
}
