import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type { AccessToken } from '../access-token.js';
import type { RevocationFreshness } from '../revocation/revocation-freshness.js';
import type { TokenStanding } from '../token-standing.js';

/** How long a stream may outlive its token. */
const LOOK_EVERY_MS = 250;

/** Why a stream has ended: what a new request with its token would be told, or that nothing is known right now. */
export type EndOfToken = 'Token expired' | 'Invalid token' | 'Try again later';

/** What else a stream needs of its token. */
export interface WatchOptions {
  /** Whether it ends, as calls of a `@Fresh()` route are refused, when auth was not heard of for 5 seconds. */
  readonly isFresh?: boolean;
}

interface Watched {
  readonly token: AccessToken;
  readonly isFresh: boolean;
  readonly end: (reason: EndOfToken) => void;
}

/**
 * Tells when tokens that let something go on have ended: expired, been revoked or become stale, or when it is not known
 * any more whether they were. Looks four times a second, and only while something is watched.
 */
export class TokenWatchService implements OnModuleDestroy {
  readonly #logger = new Logger(TokenWatchService.name);
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly standing: TokenStanding,
    private readonly freshness: RevocationFreshness,
  ) {}

  /** How many tokens are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /**
   * Calls `end` once, within half a second of the token's end. The guard does so for server-sent events and WebSockets;
   * a handler whose answer goes on in another way asks for it.
   *
   * @example
   * const stop = this.watch.watch(token, () => response.destroy());
   * response.once('close', stop);
   * @returns a function that ends the watch
   */
  watch(
    token: AccessToken,
    end: (reason: EndOfToken) => void,
    { isFresh = false }: WatchOptions = {},
  ): () => void {
    const watched: Watched = { token, isFresh, end };
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    return () => this.#forget(watched);
  }

  onModuleDestroy(): void {
    this.#watched.clear();
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const watched of this.#watched) {
      const reason = this.#reasonToEnd(watched);
      if (reason === undefined) continue;
      this.#forget(watched);
      try {
        watched.end(reason);
      } catch (error) {
        // One stream that does not end must not keep the others open, nor end the process.
        this.#logger.error(error);
      }
    }
  }

  #reasonToEnd({ token, ...route }: Watched): EndOfToken | undefined {
    if (this.standing.isPast(token)) return 'Token expired';
    const end = this.standing.endOf(token);
    if (end === 'stale') return 'Token expired';
    if (end === 'revoked') return 'Invalid token';
    if (!this.standing.stands(token)) return this.standing.hasKeys ? 'Invalid token' : 'Try again later';
    return this.freshness.suffices(route) ? undefined : 'Try again later';
  }

  #forget(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
