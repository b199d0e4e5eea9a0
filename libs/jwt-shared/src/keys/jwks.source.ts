import { randomUUID } from 'node:crypto';
import { elapsed, SYSTEM_CLOCK, type Clock } from '../clock.js';
import type { TokenAlgorithm } from '../jose/algorithm.js';
import { discoverJwksUri } from './discovery.js';
import { JwkSet } from './jwk-set.js';
import { withQuery, type JsonRequest } from './json.fetch.js';
import { fetchJwks, type FetchedJwks } from './jwks.fetch.js';
import type { KeySource, TrustedKey } from './key-source.js';
import { KeysUnavailable } from './keys-unavailable.error.js';

/** Where a JWK set is, and how patient to be with it. Times are in seconds. */
export interface JwksSourceOptions {
  readonly url: string;
  /** The issuer whose metadata tells where its JWK set is; `url` is not looked at then. */
  readonly discover?: string | undefined;
  /** Keys of any other algorithm are refused. */
  readonly algorithm: Exclude<TokenAlgorithm, 'HS256'>;
  /** Whether keys of any other kind in the set are worth a warning: in auth's own they are. `true` unless told. */
  readonly isStrict?: boolean;
  /** Between two fetches because of an unknown `kid`; 30 unless told. */
  readonly cooldown?: number;
  /** How long the last known keys are used while no new set can be had; 3600 unless told. */
  readonly hardLimit?: number;
  /** For one fetch; 5 unless told. */
  readonly timeout?: number;
  /** The global `fetch` unless told. */
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** Told when fetches begin to fail and when keys are refused, in words for a log. */
  readonly report?: (problem: string) => void;
}

const DEFAULTS = {
  cooldown: 30,
  hardLimit: 3600,
  timeout: 5,
  clock: SYSTEM_CLOCK,
  report: () => {},
  isStrict: true,
};

/** The part of `max-age` after which the set is fetched again, so that a slow answer still comes in time. */
const REFRESH_AT = 0.8;
/** Bounds of the pause between fetches, whatever `max-age` says: no storm, and no key trusted for a day. */
const SHORTEST_PAUSE = 1;
const LONGEST_PAUSE = 3600;
/** For which no failure is told after the start: auth and its services are often started together. */
const PATIENCE = 5;
/** After a failure: 1, 2, 4, then every 5 seconds. */
const LONGEST_RETRY = 5;

/**
 * The public keys of an issuer, fetched when the application starts and again before they become stale, in the
 * background: a request waits for a fetch only if its key is unknown, and at most one such fetch is made in each
 * cool-down, so tokens with made-up key ids cost others nothing.
 *
 * While no set can be fetched the last one is used, up to a hard limit; then there are no keys, and every token
 * is refused until there are.
 */
export class JwksSource implements KeySource {
  #set = JwkSet.EMPTY;
  /** When the set in use was asked for, or had to be asked for anew, in seconds that never jump; never yet: minus infinity. */
  #fetchedAt = -Infinity;
  /** When the issuer made the set in use, as far as caches tell. */
  #madeAt = -Infinity;
  #refetchedAt = -Infinity;
  #startedAt = -Infinity;
  #failures = 0;
  /** What was wrong at the last fetch; nothing: an empty string. */
  #problem = '';
  #fetching: Promise<void> | undefined;
  /** Whether the fetch that is under way passes over caches. */
  #isForced = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #stopped = new AbortController();
  readonly #options: JwksSourceOptions & Required<Omit<JwksSourceOptions, 'discover' | 'fetch'>>;

  constructor(options: JwksSourceOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Whether there are keys to judge tokens by: not before the first fetch, nor past the hard limit. */
  get isAvailable(): boolean {
    return this.#secondsSince(this.#fetchedAt) <= this.#options.hardLimit;
  }

  age(): number {
    return this.#secondsSince(this.#fetchedAt);
  }

  start(): void {
    this.#startedAt = elapsed(this.#options.clock);
    void this.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  find(kid: string | undefined): readonly TrustedKey[] {
    return this.isAvailable ? this.#set.find(kid) : JwkSet.EMPTY.find(kid);
  }

  isTrusted(key: TrustedKey): boolean {
    return this.#set.has(key) && this.isAvailable;
  }

  async refetch(kid: string | undefined): Promise<void> {
    // A token without a kid asks for no key in particular, so there is none that could have been missed.
    if (kid === undefined && this.isAvailable) return;
    const pause = this.isAvailable ? this.#options.cooldown : SHORTEST_PAUSE;
    if (this.#fetching && this.#isForced) {
      await this.#fetching;
    } else if (this.#secondsSince(this.#refetchedAt) >= pause) {
      this.#refetchedAt = elapsed(this.#options.clock);
      await this.refresh();
    } else {
      await this.#fetching;
    }
    if (!this.isAvailable) throw new KeysUnavailable(LONGEST_RETRY);
  }

  /**
   * Fetches the set now, from the issuer itself: a cache on the way may hold one from before a key was revoked. A
   * failure is reported, never thrown.
   */
  refresh(): Promise<void> {
    if (this.#fetching && !this.#isForced) return this.#fetching.then(() => this.refresh());
    return this.#begin(true);
  }

  #begin(isForced: boolean): Promise<void> {
    if (this.#fetching === undefined) {
      this.#isForced = isForced;
      this.#fetching = this.#fetch(isForced).finally(() => (this.#fetching = undefined));
    }
    return this.#fetching;
  }

  async #fetch(isForced: boolean): Promise<void> {
    const { algorithm, isStrict, timeout, clock, fetch } = this.#options;
    clearTimeout(this.#timer);
    const askedAt = elapsed(clock);
    try {
      const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(timeout * 1000)]);
      // RFC 9111 §5.2.1.4: caches on the way are to ask the issuer.
      const request = { signal, fetch, ...(isForced && { headers: { 'cache-control': 'no-cache' } }) };
      const { keys, age, maxAge, staleFor } = await Promise.race([
        this.#asked(request, isForced),
        endOf(signal),
      ]);
      // What a cache has held for longer than the set in use brings back keys that were revoked, and forgets new ones.
      if (askedAt - age >= this.#madeAt) {
        this.#set = this.#set.next(keys, algorithm, isStrict);
        this.#madeAt = askedAt - age;
      }
      // One that answers for an issuer which is away knows no more than was known then.
      this.#fetchedAt = Math.max(this.#fetchedAt, askedAt - staleFor);
      this.#reportChange(this.#set.refusals.join('; '));
      this.#failures = 0;
      this.#schedule(Math.min(Math.max(maxAge * REFRESH_AT, SHORTEST_PAUSE), LONGEST_PAUSE));
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      const isStarting = this.#fetchedAt === -Infinity && this.#secondsSince(this.#startedAt) < PATIENCE;
      if (!isStarting) this.#reportChange(`the set could not be fetched: ${reasonOf(error)}`);
      this.#schedule(Math.min(2 ** this.#failures++, LONGEST_RETRY));
    }
  }

  /** The metadata is asked each time: an issuer may move its keys. */
  async #asked(request: JsonRequest, isForced: boolean): Promise<FetchedJwks> {
    const { discover, url, isStrict } = this.#options;
    if (discover !== undefined) return fetchJwks(await discoverJwksUri(discover, request), request);
    const fetched = await fetchJwks(url, request);
    // Those of content networks do not heed what a client demands. Auth does not read the query, which they go by.
    if (!isStrict || fetched.age === 0 || (!isForced && fetched.staleFor === 0)) return fetched;
    return fetchJwks(withQuery(url, `asked=${randomUUID()}`), request).catch(() => fetched);
  }

  /** Spread over a tenth, so that replicas which started together do not ask together for ever. */
  #schedule(seconds: number): void {
    if (this.#stopped.signal.aborted) return;
    const jittered = seconds * (1 - Math.random() / 10);
    this.#timer = setTimeout(() => void this.#begin(false), jittered * 1000).unref();
  }

  /** Once for as long as nothing changes: an hour's outage is one line in a log, not seven hundred. */
  #reportChange(problem: string): void {
    if (problem !== this.#problem && problem !== '')
      this.#options.report(`JWK set ${this.#options.discover ?? this.#options.url}: ${problem}`);
    this.#problem = problem;
  }

  #secondsSince(time: number): number {
    return elapsed(this.#options.clock) - time;
  }
}

/** For a `fetch` of the user's own that goes on when it should end, and would hold up requests for ever. */
function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** `fetch` wraps what happened in a "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
