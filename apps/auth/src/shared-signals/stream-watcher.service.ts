import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { EventOutboxRepository } from '../events/event-outbox.repository.js';
import { LiveRevocationsService } from '../revocation/live-revocations.service.js';

/** Without a hint an event is found this much later; the reading is one look into an index. */
const READ_EVERY_MS = 100;
const PAUSE_AFTER_FAULT_MS = 1_000;
/** Of one stream at this replica: one for each replica of the receiver that polls, and those that it gave up. */
const WAITING_A_STREAM = 32;
/** At this replica. */
const WAITING_IN_ALL = 1_000;

export interface Waiting {
  /** Resolves when there may be something new for the stream, or waiting makes no sense any more. */
  readonly woken: Promise<void>;
  readonly wake: () => void;
  /** Whether the receiver has to authenticate anew: what it had proved itself by may have been withdrawn. */
  isOver: boolean;
}

/**
 * Wakes polls that wait when something was written for their stream, by whatever replica. It reads only while some
 * poll waits. Most changes of accounts revoke tokens, which all replicas hear of at once: then it looks at once.
 */
@Injectable()
export class StreamWatcherService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('AccountEvents');
  private readonly waiting = new Map<string, Set<Waiting>>();
  private count = 0;
  private isStopped = false;
  /** From the first poll that waits until the last one. */
  private started: Promise<void> | undefined;
  private running: Promise<void> = Promise.resolve();
  private horizon: string | undefined;
  private lookNow: () => void = () => undefined;
  private subscription: Subscription | undefined;

  constructor(
    private readonly outbox: EventOutboxRepository,
    private readonly revocations: LiveRevocationsService,
  ) {}

  /** How many polls wait. */
  get size(): number {
    return this.count;
  }

  onModuleInit(): void {
    this.subscription = this.revocations.added.subscribe((added) => {
      for (const { kind, id } of added) if (kind === 'client') this.end(id);
      this.lookNow();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.subscription?.unsubscribe();
    this.isStopped = true;
    this.wakeAll();
    this.lookNow();
    await this.running;
  }

  /**
   * Begins to watch a stream. What is written from now on wakes; what was written before has to be looked for after
   * this.
   *
   * @returns nothing when too many wait already, in all or for this stream
   */
  async watch(clientId: string): Promise<Waiting | undefined> {
    const ofStream = this.waiting.get(clientId)?.size ?? 0;
    if (this.count >= WAITING_IN_ALL || ofStream >= WAITING_A_STREAM || this.isStopped) return undefined;
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    const waiting: Waiting = { woken, wake, isOver: false };
    this.add(clientId, waiting);
    try {
      this.started ??= this.start();
      await this.started;
      return waiting;
    } catch (error) {
      this.started = undefined;
      this.unwatch(clientId, waiting);
      throw error;
    }
  }

  unwatch(clientId: string, waiting: Waiting): void {
    const ofStream = this.waiting.get(clientId);
    if (!ofStream?.delete(waiting)) return;
    this.count--;
    if (ofStream.size === 0) this.waiting.delete(clientId);
  }

  /** Answers whoever waits, so that the server can stop. */
  wakeAll(): void {
    for (const ofStream of this.waiting.values()) for (const { wake } of ofStream) wake();
  }

  /** The waits of a client that was disabled or removed, or lost a right or its secret. */
  private end(clientId: string): void {
    for (const waiting of this.waiting.get(clientId) ?? []) {
      waiting.isOver = true;
      waiting.wake();
    }
  }

  private add(clientId: string, waiting: Waiting): void {
    const ofStream = this.waiting.get(clientId) ?? new Set();
    this.waiting.set(clientId, ofStream.add(waiting));
    this.count++;
  }

  private async start(): Promise<void> {
    this.horizon = (await this.outbox.changedSince(undefined)).horizon;
    this.running = this.run();
  }

  private async run(): Promise<void> {
    for (let pauseMs = READ_EVERY_MS; this.count > 0 && !this.isStopped;) {
      await this.pause(pauseMs);
      pauseMs = (await this.tryRead()) ? READ_EVERY_MS : PAUSE_AFTER_FAULT_MS;
    }
    this.started = undefined;
  }

  private async tryRead(): Promise<boolean> {
    try {
      const { clientIds, horizon } = await this.outbox.changedSince(this.horizon);
      this.horizon = horizon;
      for (const clientId of clientIds) for (const { wake } of this.waiting.get(clientId) ?? []) wake();
      return true;
    } catch (error) {
      if (!this.isStopped) this.logger.warn(error);
      // A poll that is woken asks the database itself, and tells its receiver what is the matter.
      this.wakeAll();
      return false;
    }
  }

  /** May be cut short. */
  private pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms).unref();
    this.lookNow = () => {
      clearTimeout(timer);
      resolve();
    };
    return promise;
  }
}
