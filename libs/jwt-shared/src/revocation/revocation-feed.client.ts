import { setTimeout as delay } from 'node:timers/promises';
import type { AccessToken } from '../access-token.js';
import { elapsed, SYSTEM_CLOCK, type Clock } from '../clock.js';
import { readEvents, type StreamEvent } from './event-stream.js';
import { parseRevocations, REVOCATION_KINDS } from './revocation.js';
import { RevocationList } from './revocation-list.js';
import type { RevocationSource } from './revocation-source.js';

/** Where the feed is. */
export interface RevocationFeedOptions {
  /** One for each replica of auth, or one that leads to any of them. They are tried in turn. */
  readonly urls: readonly string[];
  /** `REVOCATION_FEED_KEY`. */
  readonly key: string;
  readonly clock?: Clock;
  /** Told when the feed is lost and when it is back, in words for a log. */
  readonly report?: (change: string) => void;
}

/** Auth writes a heartbeat every second; a connection that is silent for longer is not one. */
const SILENCE_MS = 4_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Keeps a service's {@link RevocationList} in step with auth: a complete snapshot when it connects, then every
 * revocation as it happens. It connects when the application starts, and again, with a growing and jittered pause,
 * whenever the connection is lost; neither holds anything up. What is known stays known meanwhile.
 */
export class RevocationFeedClient implements RevocationSource {
  readonly #list: RevocationList;
  readonly #clock: Clock;
  readonly #stopped = new AbortController();
  /** When auth was last heard of on a connection with a snapshot, in seconds that never jump; never: minus infinity. */
  #heardAt = -Infinity;
  #isConnected = false;
  #keyRevoked: () => void = () => {};

  constructor(private readonly options: RevocationFeedOptions) {
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#list = new RevocationList(this.#clock);
  }

  /** Whether a snapshot has come over the connection that is open now. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** How many revocations are held. */
  get size(): number {
    return this.#list.size;
  }

  /** Seconds since everything that auth had revoked was known here; `Infinity` before the first snapshot. */
  age(): number {
    return elapsed(this.#clock) - this.#heardAt;
  }

  isRevoked(token: AccessToken): boolean {
    return this.#list.isRevoked(token);
  }

  isStale(token: AccessToken): boolean {
    return this.#list.isStale(token);
  }

  onKeyRevoked(listener: () => void): void {
    this.#keyRevoked = listener;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #run(): Promise<void> {
    const { urls, report = () => {} } = this.options;
    const { signal } = this.#stopped;
    for (let attempt = 0, pause = FIRST_PAUSE_MS; !signal.aborted; attempt++) {
      const url = urls[attempt % urls.length] ?? '';
      const reason = await this.#follow(url).catch(reasonOf);
      if (signal.aborted) return;
      // The pause grows only while there is no feed at all.
      if (this.#isConnected) pause = FIRST_PAUSE_MS;
      if (this.#isConnected || attempt === 0) report(`the revocation feed at ${url} is away: ${reason}`);
      this.#isConnected = false;
      // Services that have lost the same replica must not all come back at once.
      await delay(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Follows one connection to its end, and says why it ended. */
  async #follow(url: string): Promise<string> {
    const connection = new AbortController();
    const cut = () => connection.abort(new Error('it has gone silent'));
    const watch = setTimeout(cut, SILENCE_MS).unref();
    const signal = AbortSignal.any([this.#stopped.signal, connection.signal]);
    try {
      const headers = { authorization: `Bearer ${this.options.key}`, accept: 'text/event-stream' };
      const response = await fetch(withKinds(url), { signal, headers, redirect: 'error', cache: 'no-store' });
      if (response.status !== 200 || !response.body) {
        await response.body?.cancel();
        return `status ${response.status}`;
      }
      for await (const event of readEvents(response.body)) {
        this.#apply(event);
        watch.refresh();
      }
      return 'auth has ended it';
    } finally {
      clearTimeout(watch);
      connection.abort();
    }
  }

  #apply({ name, data, comment = '' }: StreamEvent): void {
    const revocations = name === 'snapshot' || name === 'revoked' ? parseRevocations(data) : [];
    this.#list.add(revocations);
    if (revocations.some(({ kind }) => kind === 'key')) this.#keyRevoked();
    if (name === 'snapshot') {
      if (!this.#isConnected) this.options.report?.('the revocation feed is connected');
      this.#isConnected = true;
    }
    if (this.#isConnected) this.#heardAt = elapsed(this.#clock) - ageIn(comment);
  }
}

/** Names the kinds that are understood here, so that auth sends no others; an older auth does not read it. */
function withKinds(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}kinds=${REVOCATION_KINDS.join(',')}`;
}

/** `beat 0.412`: how many seconds ago the replica itself knew all; an older auth does not say. */
function ageIn(comment: string): number {
  return Number(/^beat (\d{1,6}(?:\.\d{1,6})?)$/.exec(comment)?.[1] ?? 0);
}

/** `fetch` wraps what happened in a "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || cause.name : message;
}
