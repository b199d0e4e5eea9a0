import { Logger } from '@nestjs/common';
import type { AccountEvent } from '../account-event.js';
import type { EventHandlersService } from '../handlers/event-handlers.service.js';
import { NotLeading, type AccountEventStore } from '../store/account-event.store.js';
import { AccountQueue } from './account-queue.js';
import type { ReceiverStatistics } from './statistics.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** So many events in memory, and those that fail make room at once. */
const CROWDED = 900;
const PROCESS_ENDED = 'The process ended while the event was handled';

/** What the transmitter is to be told. */
export interface Outcomes {
  readonly done: string[];
  readonly failed: Map<string, { readonly err: string; readonly description: string }>;
}

export interface ProcessorOptions {
  readonly holder: string;
  readonly concurrency: number;
  readonly maxAttempts: number;
  /** Attempts of a replica before that did not come to an end, by `jti`: each of these events may end the process. */
  readonly begun: ReadonlyMap<string, number>;
  /** Called when another replica has the right to handle events by now. */
  readonly onNotLeading: () => void;
}

/**
 * Handles events: those of one account in order, those of several accounts side by side. One that fails is tried again
 * later and holds up its own account alone, until it is set aside. One that a replica was handling when it died is
 * handled while no other is, so that it takes none with it if it is the cause.
 */
export class EventProcessor {
  private readonly logger = new Logger('AccountEvents');
  private readonly queues = new Map<string, AccountQueue>();
  private readonly held = new Map<string, AccountEvent>();
  private outcomes: Outcomes = { done: [], failed: new Map() };
  private readonly suspects: Map<string, number>;
  private running = 0;
  /** While an event is handled that may end the process. */
  private isAlone = false;
  private isStopped = false;
  private timer: NodeJS.Timeout | undefined;
  private progress = Promise.withResolvers<void>();

  constructor(
    private readonly store: AccountEventStore,
    private readonly handlers: EventHandlersService,
    private readonly statistics: ReceiverStatistics,
    private readonly options: ProcessorOptions,
  ) {
    this.suspects = new Map(options.begun);
  }

  /** How many events are not done with. */
  get size(): number {
    return this.held.size;
  }

  /** Whether no event can be handled now: there is none, or all wait for their next attempt. */
  get isIdle(): boolean {
    return this.running === 0;
  }

  has(jti: string): boolean {
    return this.held.has(jti);
  }

  add(event: AccountEvent): void {
    if (this.held.has(event.jti)) return;
    this.held.set(event.jti, event);
    // What is about no account is in the order of its own.
    const key = event.userId ?? '';
    let queue = this.queues.get(key);
    if (!queue) this.queues.set(key, (queue = new AccountQueue()));
    queue.events.push(event);
    if (queue.events.length === 1) this.delay(queue);
    this.noteOldest();
    this.pump();
  }

  /** What has come to an end since the last call. */
  take(): Outcomes {
    const taken = this.outcomes;
    this.outcomes = { done: [], failed: new Map() };
    return taken;
  }

  /** Resolves at the next change. */
  changed(): Promise<void> {
    return this.progress.promise;
  }

  /** Waits for handlers that are at work; none is begun any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    while (this.running > 0) await this.changed();
    this.statistics.oldest = undefined;
  }

  private pump(): void {
    if (this.isStopped) return;
    const now = performance.now();
    const suspect = this.nextSuspect(now);
    const most = suspect ? 1 : this.options.concurrency;
    let next = Infinity;
    for (const [key, queue] of suspect ? [suspect] : this.queues) {
      if (this.running >= most || this.isAlone) break;
      if (queue.isDue(now)) void this.run(key, queue);
      else if (!queue.isRunning) next = Math.min(next, queue.notBefore);
    }
    clearTimeout(this.timer);
    if (next < Infinity) this.timer = setTimeout(() => this.pump(), Math.max(1, next - now)).unref();
  }

  /** Of the events that are due and have to be handled alone, the one that has been begun least often. */
  private nextSuspect(now: number): [key: string, queue: AccountQueue] | undefined {
    if (this.suspects.size === 0) return undefined;
    const attempts = ([, { events }]: [string, AccountQueue]) => this.suspects.get(events[0]?.jti ?? '') ?? 0;
    return [...this.queues]
      .filter((entry) => entry[1].isDue(now) && attempts(entry) > 0)
      .toSorted((a, b) => attempts(a) - attempts(b))[0];
  }

  private async run(key: string, queue: AccountQueue): Promise<void> {
    const [event] = queue.events;
    if (!event) return;
    queue.isRunning = true;
    this.isAlone = this.suspects.has(event.jti);
    this.running++;
    try {
      if (await this.attempt(event, queue)) {
        queue.advance();
        this.held.delete(event.jti);
        if (queue.events.length === 0) this.queues.delete(key);
        else this.delay(queue);
      }
    } finally {
      queue.isRunning = false;
      this.isAlone = false;
      this.running--;
      this.noteOldest();
      this.pump();
      this.progress.resolve();
      this.progress = Promise.withResolvers();
    }
  }

  /** Events of other accounts go before one that has to be handled alone, also where it ends the process again. */
  private delay(queue: AccountQueue): void {
    const attempts = this.suspects.get(queue.events[0]?.jti ?? '') ?? 0;
    if (attempts > 0) queue.notBefore = this.after(attempts);
  }

  private after(attempts: number): number {
    return performance.now() + pauseBefore(attempts, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  }

  /** @returns whether the event is done with */
  private async attempt(event: AccountEvent, queue: AccountQueue): Promise<boolean> {
    const { jti } = event;
    const unfinished = this.suspects.get(jti) ?? 0;
    if (unfinished >= this.options.maxAttempts) return this.fail(event, queue, unfinished, PROCESS_ENDED);
    let attempts = 0;
    try {
      attempts = await this.store.begin(jti, this.options.holder);
      const isNew = await this.store.once(jti, this.options.holder, async (tx) => {
        await this.handlers.handle(event, tx);
      });
      this.suspects.delete(jti);
      this.statistics.outcomes[isNew ? 'handled' : 'duplicate']++;
      this.outcomes.done.push(jti);
      return true;
    } catch (error) {
      if (error instanceof NotLeading) return this.leave();
      if (attempts > 0) this.suspects.delete(jti);
      return this.fail(event, queue, attempts, error);
    }
  }

  /** Another replica gets all that is not acknowledged. */
  private leave(): false {
    this.isStopped = true;
    this.options.onNotLeading();
    return false;
  }

  /** @param attempts 0: the store could not even count it, and the event is not to blame */
  private async fail(
    event: AccountEvent,
    queue: AccountQueue,
    attempts: number,
    error: unknown,
  ): Promise<boolean> {
    const { jti, type } = event;
    const words = wordsOf(error);
    queue.failures++;
    this.statistics.outcomes.failed++;
    const isLast = attempts >= this.options.maxAttempts || (attempts > 0 && this.size >= CROWDED);
    if (isLast && (await this.setAside(event, words, attempts))) return true;
    queue.notBefore = this.after(Math.max(attempts, queue.failures));
    this.logger.warn(`Event ${jti} (${type}) failed, attempt ${attempts}: ${words}`);
    return false;
  }

  /** @returns false while the store cannot take it: an event must not be lost because the database is away */
  private async setAside(event: AccountEvent, words: string, attempts: number): Promise<boolean> {
    const { jti, type } = event;
    try {
      await this.store.setAside(event, words, attempts);
    } catch {
      return false;
    }
    this.suspects.delete(jti);
    this.logger.error(`Event ${jti} (${type}) is set aside after ${attempts} attempts: ${words}`);
    this.statistics.outcomes.set_aside++;
    this.statistics.setAside++;
    this.outcomes.failed.set(jti, { err: 'processing_failed', description: `after ${attempts} attempts` });
    return true;
  }

  private noteOldest(): void {
    const [oldest] = this.held.values();
    this.statistics.oldest = oldest?.issuedAt;
  }
}

/** Drizzle's own message is the whole statement with its parameters; the reason is in its cause. */
export function wordsOf(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: { message?: unknown; code?: unknown } };
  // Node says of an attempt at several addresses nothing but a code.
  const words = cause?.message || cause?.code || message || error;
  return (typeof words === 'string' ? words : String(error)).slice(0, 500);
}

/** Pauses that double up to a limit, with a random half so that replicas do not come all at once. */
export function pauseBefore(attempt: number, firstMs: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(attempt - 1, 30), longestMs) * (0.5 + Math.random() / 2);
}
