import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { JWK } from 'jose';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ACCOUNT_EVENTS_OPTIONS, type ResolvedOptions } from '../account-events.options.js';
import { EventHandlersService } from '../handlers/event-handlers.service.js';
import { SetRefused } from '../transmitter/set-refused.js';
import { SetVerifier } from '../transmitter/set-verifier.js';
import { TransmitterFault } from '../transmitter/transmitter-fault.js';
import { TransmitterClient, type PollAnswer, type Stream } from '../transmitter/transmitter.client.js';
import { EventProcessor, pauseBefore, wordsOf, type Outcomes } from './event-processor.js';
import { ReceiverStatistics } from './statistics.js';

/** The right to handle events lasts so long after the last sign of life of the replica that has it. */
const LEASE_SECONDS = 6;
const RENEW_EVERY_MS = 2_000;
/** For so long a replica leaves events of types that it has no handler for to another, which may be of a newer version. */
const STAND_BACK_MS = 15_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** As long as handlers are at work the next poll waits, at most so long: others' events come meanwhile. */
const PATIENCE_MS = 500;
const EVENTS_A_POLL = 250;
/** An acknowledgement has 39 bytes, and a body at most 16 KiB. */
const ACKNOWLEDGED_A_POLL = 250;
const REFUSED_A_POLL = 20;
const SHORTEST_WAIT_MS = 100;
const REFUSE_AFTER_FAULTS = 20;
/** Longer than auth keeps an event (`EVENTS_RETENTION_SECONDS`, 30 days at most), twice. */
const FORGET_AFTER_SECONDS = 61 * 86_400;
const FORGET_EVERY_MS = 3_600_000;

/** Receives a service's account events, at one of its replicas at a time. */
@Injectable()
export class AccountEventReceiver implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('AccountEvents');
  private readonly holder = randomUUID();
  private readonly stopped = new AbortController();
  private readonly client: TransmitterClient | undefined;
  private readonly verifier: SetVerifier | undefined;
  private running: Promise<void> = Promise.resolve();
  private forgotAt = -Infinity;
  private standsBackSince = -Infinity;
  private stoodBackAt = -Infinity;
  private faults = new Map<string, number>();
  private problem = '';

  constructor(
    @Inject(ACCOUNT_EVENTS_OPTIONS) private readonly options: ResolvedOptions,
    private readonly handlers: EventHandlersService,
    private readonly statistics: ReceiverStatistics,
  ) {
    const { transmitter } = options;
    if (!transmitter) return;
    this.client = new TransmitterClient(transmitter);
    this.verifier = new SetVerifier(transmitter);
  }

  onApplicationBootstrap(): void {
    if (this.client) this.running = this.run(this.client);
    else this.logger.warn(`Account events are not received: ${this.options.reason}`);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(client: TransmitterClient): Promise<void> {
    const { signal } = this.stopped;
    for (let fails = 0; !signal.aborted;) {
      try {
        if (await this.options.store.lead(this.holder, LEASE_SECONDS))
          await this.receive(client, () => (fails = 0));
        else await this.pause(RENEW_EVERY_MS / 2);
      } catch (error) {
        this.statistics.isReceiving = false;
        this.report(error);
        await this.pause(pauseBefore(++fails, FIRST_PAUSE_MS, LONGEST_PAUSE_MS));
      }
    }
  }

  /** From when this replica has the right to handle events until it has lost it, or auth does not answer. */
  private async receive(client: TransmitterClient, onAnswer: () => void): Promise<void> {
    const { store, concurrency, maxAttempts } = this.options;
    const stream = await client.findStream();
    if (this.isForNewer(stream)) return this.standBack();
    const lost = new AbortController();
    const processor = new EventProcessor(store, this.handlers, this.statistics, {
      holder: this.holder,
      concurrency,
      maxAttempts,
      begun: await store.listBegun(),
      onNotLeading: () => lost.abort(),
    });
    const renewing = this.keepLeading(lost, processor);
    this.statistics.isLeading = true;
    try {
      const streamKey = await client.configure(stream, this.handlers.types);
      onAnswer();
      await this.forget();
      await this.poll(client, processor, streamKey, lost.signal, onAnswer);
    } finally {
      await processor.stop();
      lost.abort();
      await renewing;
      this.statistics.isLeading = false;
      this.statistics.isReceiving = false;
      if (this.stopped.signal.aborted) await store.resign(this.holder).catch(() => undefined);
    }
  }

  /**
   * Whether a replica has asked for types of events that this one has no handler for: while a service is upgraded, one
   * of the old version must neither cancel what the new one has asked for, nor acknowledge it unread. If no such
   * replica takes the right in time, none is left.
   */
  private isForNewer(stream: Stream | undefined): boolean {
    if (stream?.requested?.every((type) => this.handlers.types.includes(type as string)) ?? true)
      return false;
    const now = performance.now();
    if (now - this.stoodBackAt > STAND_BACK_MS) this.standsBackSince = now;
    this.stoodBackAt = now;
    return now - this.standsBackSince < STAND_BACK_MS;
  }

  /** Longer than another replica takes to ask for the right. */
  private async standBack(): Promise<void> {
    await this.options.store.resign(this.holder);
    this.report(
      new TransmitterFault(
        'stream',
        'another replica has asked for types of events that this one does not handle; it may take over',
      ),
    );
    await this.pause(RENEW_EVERY_MS);
  }

  private async poll(
    client: TransmitterClient,
    processor: EventProcessor,
    streamKey: JWK | undefined,
    lost: AbortSignal,
    onAnswer: () => void,
  ): Promise<void> {
    const told: Outcomes = { done: [], failed: new Map() };
    const isOver = () => lost.aborted || this.stopped.signal.aborted;
    while (!isOver()) {
      collect(told, processor.take());
      const ack = told.done.slice(0, ACKNOWLEDGED_A_POLL);
      const setErrs = Object.fromEntries([...told.failed].slice(0, REFUSED_A_POLL));
      const isBusy = processor.size > 0 || told.done.length > ack.length;
      const interrupted = new AbortController();
      // A poll that waits must not keep the acknowledgement of an event that was tried again meanwhile.
      if (!isBusy) void processor.changed().then(() => interrupted.abort());
      const began = performance.now();
      const answer = await client
        .poll(
          { ack, setErrs, maxEvents: EVENTS_A_POLL + processor.size, returnImmediately: isBusy },
          AbortSignal.any([lost, this.stopped.signal, interrupted.signal]),
        )
        .catch((error: unknown) => {
          if (interrupted.signal.aborted || isOver()) return undefined;
          throw error;
        });
      if (!answer) continue;
      this.statistics.noteAnswer();
      onAnswer();
      told.done.splice(0, ack.length);
      for (const jti of Object.keys(setErrs)) told.failed.delete(jti);
      const added = await this.admit(answer, processor, told, streamKey);
      if (this.faults.size === 0) this.problem = '';
      await this.settle(processor, added);
      // Auth answers a poll that waits at once when it stops, and must not be asked again and again by then.
      const isHasty = !isBusy && added === 0 && performance.now() - began < SHORTEST_WAIT_MS;
      if (isHasty) await this.pause(PATIENCE_MS);
    }
  }

  /** Hands over what is new and to be believed. @returns how many events that were */
  private async admit(
    { sets }: PollAnswer,
    processor: EventProcessor,
    told: Outcomes,
    streamKey: JWK | undefined,
  ): Promise<number> {
    let added = 0;
    const settled = new Set([...told.done, ...told.failed.keys()]);
    for (const [jti, token] of sets) {
      if (processor.has(jti) || settled.has(jti)) continue;
      try {
        const event = await this.verifier!.verify(token, jti, streamKey);
        this.faults.delete(jti);
        added++;
        if (this.handlers.types.includes(event.type)) processor.add(event);
        else this.ignore(jti, told);
      } catch (error) {
        this.refuse(jti, error, told);
      }
    }
    return added;
  }

  /** An event of a type that no handler is for, as that of a verification, is done with. */
  private ignore(jti: string, told: Outcomes): void {
    this.statistics.outcomes.ignored++;
    told.done.push(jti);
  }

  private refuse(jti: string, error: unknown, told: Outcomes): void {
    const faults = (this.faults.get(jti) ?? 0) + 1;
    const { message } = error as Error;
    if (!(error instanceof SetRefused) && faults < REFUSE_AFTER_FAULTS) {
      this.faults.set(jti, faults);
      this.report(error);
      return;
    }
    this.faults.delete(jti);
    const err = error instanceof SetRefused ? error.code : 'invalid_key';
    this.statistics.outcomes.refused++;
    this.logger.error(`A security event token was refused, ${err}: ${message}`);
    told.failed.set(jti, { err, description: message.slice(0, 200) });
  }

  /** Lets handlers work before the next poll, and does not ask for the same again without a pause. */
  private async settle(processor: EventProcessor, added: number): Promise<void> {
    const patience = delay(PATIENCE_MS, undefined, { ref: false });
    const isSettled = async () => {
      while (!processor.isIdle) await processor.changed();
    };
    await Promise.race([isSettled(), patience]);
    const isWaiting = processor.size > 0 && added === 0;
    if (isWaiting || this.faults.size > 0) await Promise.race([processor.changed(), patience]);
  }

  /** Renews the right, and brings back what an operator wants to have tried again. */
  private async keepLeading(lost: AbortController, processor: EventProcessor): Promise<void> {
    const { store } = this.options;
    while (!lost.signal.aborted) {
      try {
        if (!(await store.lead(this.holder, LEASE_SECONDS))) lost.abort();
        this.statistics.setAside = await store.countSetAside();
        if (this.statistics.setAside > 0) {
          const setAside = await store.listSetAside(EVENTS_A_POLL);
          for (const { event, isRetried } of setAside) if (isRetried) processor.add(event);
        }
      } catch {
        // The database is away: handlers fail and are tried again, and the right ends by itself if it stays away.
      }
      await delay(RENEW_EVERY_MS, undefined, { signal: lost.signal, ref: false }).catch(() => undefined);
    }
  }

  private async forget(): Promise<void> {
    if (performance.now() - this.forgotAt < FORGET_EVERY_MS) return;
    this.forgotAt = performance.now();
    await this.options.store.forgetHandled(FORGET_AFTER_SECONDS);
  }

  private pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.stopped.signal, ref: false }).catch(() => undefined);
  }

  /** Once for as long as it stays the same. What is not a fault of auth is one of the service's own database. */
  private report(error: unknown): void {
    if (this.stopped.signal.aborted) return;
    const problem =
      error instanceof TransmitterFault
        ? error.message
        : `Account events wait: the store of this service failed: ${wordsOf(error)}`;
    if (problem !== this.problem) this.logger.warn(problem);
    this.problem = problem;
  }
}

function collect(told: Outcomes, { done, failed }: Outcomes): void {
  told.done.push(...done);
  for (const [jti, error] of failed) told.failed.set(jti, error);
}
