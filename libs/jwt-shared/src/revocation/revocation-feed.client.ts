import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AccessToken } from '../access-token.js';
import { elapsed, SYSTEM_CLOCK, type Clock } from '../clock.js';
import { withQuery } from '../keys/json.fetch.js';
import { readEvents, type StreamEvent } from './event-stream.js';
import { FEED_FAULTS, FeedFault, faultOfAnswer, faultOfError, type FeedFaultReason } from './feed-fault.js';
import { parseRevocations, REVOCATION_KINDS } from './revocation.js';
import { RevocationList } from './revocation-list.js';
import type { RevocationSource } from './revocation-source.js';

/** Where the feed is. */
export interface RevocationFeedOptions {
  /** One for each replica of auth, or one that leads to any of them. They are tried in turn. */
  readonly urls: readonly string[];
  /** `REVOCATION_FEED_KEY`. */
  readonly key: string;
  /** The global `fetch` unless told. */
  readonly fetch?: typeof fetch | undefined;
  readonly clock?: Clock | undefined;
  /** Told when the feed is lost and when it is back, in words for a log; `warn` when it needs attention. */
  readonly report?: ((level: 'log' | 'warn', change: string) => void) | undefined;
}

/** Auth writes a heartbeat every second; a connection that is silent for longer is not one. */
const SILENCE_MS = 4_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Seconds for which the feed may be away without a warning: while auth starts, or goes on to another replica. */
const PATIENCE = 5;

/**
 * Keeps a service's {@link RevocationList} in step with auth: a complete snapshot when it connects, then every
 * revocation as it happens. It connects when the application starts, and again, with a growing and jittered pause,
 * whenever the connection is lost; neither holds anything up. What is known stays known meanwhile.
 */
export class RevocationFeedClient implements RevocationSource {
  /** How often there was no feed, by reason. */
  readonly faults = Object.fromEntries(FEED_FAULTS.map((reason) => [reason, 0])) as Record<
    FeedFaultReason,
    number
  >;
  readonly known: Promise<void>;
  readonly #list: RevocationList;
  readonly #clock: Clock;
  readonly #stopped = new AbortController();
  /** When auth was last heard of on a connection with a snapshot, in seconds that never jump; never: minus infinity. */
  #heardAt = -Infinity;
  #awaySince: number;
  #isConnected = false;
  #fault: FeedFault | undefined;
  #reported = '';
  #keyRevoked: () => void = () => {};
  #becomeKnown: () => void;

  constructor(private readonly options: RevocationFeedOptions) {
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#list = new RevocationList(this.#clock);
    this.#awaySince = elapsed(this.#clock);
    ({ promise: this.known, resolve: this.#becomeKnown } = Promise.withResolvers<void>());
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

  describe(): Readonly<Record<string, unknown>> {
    const age = this.age();
    return {
      connected: this.#isConnected,
      ageSeconds: age === Infinity ? null : Math.round(age * 1000) / 1000,
      ...(!this.#isConnected && this.#fault && { fault: this.#fault.message }),
    };
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
    const { urls } = this.options;
    const { signal } = this.#stopped;
    for (let attempt = 0, pause = FIRST_PAUSE_MS; !signal.aborted; attempt++) {
      const url = urls[attempt % urls.length] ?? '';
      const fault = await this.#follow(url).catch((error: unknown) => faultOfError(error, url));
      if (signal.aborted) return;
      // The pause grows only while there is no feed at all.
      if (this.#isConnected) pause = FIRST_PAUSE_MS;
      this.#lose(fault);
      // Services that have lost the same replica must not all come back at once.
      await delay(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Follows one connection to its end, and says why it ended. */
  async #follow(url: string): Promise<FeedFault> {
    const { key, fetch = globalThis.fetch } = this.options;
    const connection = new AbortController();
    const silent = new FeedFault('silent', 'silent', `auth at ${url} has not been heard of for some seconds`);
    const watch = setTimeout(() => connection.abort(silent), SILENCE_MS).unref();
    const signal = AbortSignal.any([this.#stopped.signal, connection.signal]);
    try {
      const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' };
      const response = await fetch(ownUrl(url), { signal, headers, redirect: 'error', cache: 'no-store' });
      const fault = faultOfAnswer(response, url);
      if (fault !== undefined) {
        await response.body?.cancel();
        return fault;
      }
      const hear = () => void watch.refresh();
      // A long event that comes slowly is not silence; what a proxy says to keep a connection open is.
      for await (const event of readEvents(response.body ?? [], hear)) if (this.#apply(event)) hear();
      return new FeedFault('ended', 'ended', `auth at ${url} has closed it`);
    } finally {
      clearTimeout(watch);
      connection.abort();
    }
  }

  /** @returns whether it is auth that has spoken */
  #apply({ name, data, comment = '' }: StreamEvent): boolean {
    const tells = name === 'snapshot' || name === 'revoked';
    const age = tells ? 0 : ageIn(comment);
    if (age === undefined) return false;
    const revocations = tells ? parseRevocations(data) : [];
    this.#list.add(revocations);
    if (revocations.some(({ kind }) => kind === 'key')) this.#keyRevoked();
    if (name === 'snapshot') this.#gain();
    if (this.#isConnected) this.#heardAt = elapsed(this.#clock) - age;
    return true;
  }

  #gain(): void {
    if (!this.#isConnected) this.#report('log', 'Revocation feed connected');
    this.#isConnected = true;
    this.#becomeKnown();
  }

  #lose(fault: FeedFault): void {
    const now = elapsed(this.#clock);
    if (this.#isConnected) this.#awaySince = now;
    this.#isConnected = false;
    this.#fault = fault;
    this.faults[fault.reason]++;
    this.#report(fault.isLasting || now - this.#awaySince >= PATIENCE ? 'warn' : 'log', fault.message);
  }

  /** Once for as long as nothing changes: an hour's outage is two lines in a log, not seven hundred. */
  #report(level: 'log' | 'warn', change: string): void {
    const line = `${level} ${change}`;
    if (line !== this.#reported) this.options.report?.(level, change);
    this.#reported = line;
  }
}

/**
 * Names the kinds that are understood here, so that auth sends no others, and is a URL of this connection alone: a cache on
 * the way, whatever it heeds, has no old feed to repeat. An older auth reads neither.
 */
function ownUrl(url: string): string {
  return withQuery(url, `kinds=${REVOCATION_KINDS.join(',')}&connection=${randomUUID()}`);
}

/**
 * `beat 0.412`: how many seconds ago the replica itself knew all; an older auth does not say.
 *
 * @returns nothing for a comment that is no beat
 */
function ageIn(comment: string): number | undefined {
  const [beat, age = 0] = /^beat(?: (\d+(?:\.\d+)?))?(?: .*)?$/.exec(comment) ?? [];
  return beat === undefined ? undefined : Number(age);
}
