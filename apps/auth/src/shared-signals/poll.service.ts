import { InjectDatabase, type Database, ReadinessService } from '@signet/service-kit';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutboxEvent } from '../events/account-events.table.js';
import { ErasuresRepository } from '../events/erasures.repository.js';
import { EventOutboxRepository } from '../events/event-outbox.repository.js';
import { EventStreamsRepository, type EventStream } from '../events/event-streams.repository.js';
import { MAX_EVENTS, type PollAnswerDto, type PollDto, type SetError } from './dto/poll.dto.js';
import { SetSignerService } from './set-signer.service.js';
import { noStream, pollsBusy } from './shared-signals.errors.js';
import { StreamWatcherService } from './stream-watcher.service.js';

const DEFAULT_EVENTS = 100;
/** Under the idle time-out of the usual proxies, which is a minute. */
const LONGEST_WAIT_MS = 25_000;

/** Delivers events to receivers that ask for them (RFC 8936). */
@Injectable()
export class PollService implements OnModuleInit {
  constructor(
    @InjectDatabase() private readonly db: Database,
    private readonly streams: EventStreamsRepository,
    private readonly outbox: EventOutboxRepository,
    private readonly erasures: ErasuresRepository,
    private readonly signer: SetSignerService,
    private readonly watcher: StreamWatcherService,
    private readonly readiness: ReadinessService,
  ) {}

  onModuleInit(): void {
    this.readiness.onStopping(() => this.watcher.wakeAll());
  }

  /**
   * Takes acknowledgements, then gives the oldest events that the receiver has not acknowledged: the same ones again
   * until it has. If there are none it waits, unless told not to, until there is one.
   *
   * @param isAllowed asked again before and after the wait, in which the receiver may be shut out
   * @param left aborted when the receiver has gone
   * @throws {ProblemException} 404 for a client without a stream, 503 when too many polls wait
   */
  async poll(
    clientId: string,
    { ack, setErrs, maxEvents, returnImmediately }: PollDto,
    isAllowed: () => Promise<void>,
    left: AbortSignal,
  ): Promise<PollAnswerDto> {
    const stream = await this.streams.find(clientId);
    if (!stream) throw noStream();
    await this.settle(clientId, ack ?? [], Object.entries(setErrs ?? {}));
    await this.streams.markPolled(clientId);
    const limit = Math.min(maxEvents ?? DEFAULT_EVENTS, MAX_EVENTS);
    if (limit === 0)
      return { sets: {}, moreAvailable: (await this.outbox.listUnacknowledged(clientId, 1)).length > 0 };
    const events = returnImmediately
      ? await this.outbox.listUnacknowledged(clientId, limit + 1)
      : await this.wait(clientId, limit + 1, isAllowed, left);
    return this.answer(stream, events, limit);
  }

  /** An acknowledgement of what is not in the receiver's own stream changes nothing, and neither does a repeated one. */
  private async settle(
    clientId: string,
    ack: readonly string[],
    setErrs: readonly (readonly [jti: string, error: SetError])[],
  ): Promise<void> {
    const done = ack.filter((jti) => isUUID(jti));
    const failed = setErrs.filter(([jti]) => isUUID(jti));
    if (done.length === 0 && failed.length === 0) return;
    const all = [...done, ...failed.map(([jti]) => jti)];
    await this.db.transaction(async (tx) => {
      await this.outbox.lock(tx, clientId, all);
      await this.erasures.lock(tx, clientId, all);
      if (done.length > 0) {
        await this.outbox.removeAcknowledged(tx, clientId, done);
        await this.erasures.confirm(tx, clientId, done);
      }
      for (const [jti, { err, description = null }] of failed) {
        // The database has no room for NUL.
        const words = description?.replaceAll('\0', '') ?? null;
        await this.outbox.setAsideFailed(tx, clientId, jti, { code: err, description: words });
        await this.erasures.fail(tx, clientId, jti, words ? `${err}: ${words}` : err);
      }
    });
  }

  private async wait(
    clientId: string,
    limit: number,
    isAllowed: () => Promise<void>,
    left: AbortSignal,
  ): Promise<OutboxEvent[]> {
    const waiting = await this.watcher.watch(clientId);
    if (!waiting) throw pollsBusy();
    try {
      // Both are looked for after the watch has begun: what happens is found by the one or by the other.
      await isAllowed();
      const events = await this.outbox.listUnacknowledged(clientId, limit);
      if (events.length > 0 || !this.readiness.wantsTraffic) return events;
      await Promise.race([waiting.woken, timeUp(left)]);
    } finally {
      this.watcher.unwatch(clientId, waiting);
    }
    if (left.aborted) return [];
    await isAllowed();
    return waiting.isOver ? [] : this.outbox.listUnacknowledged(clientId, limit);
  }

  private async answer(
    stream: EventStream,
    found: readonly OutboxEvent[],
    limit: number,
  ): Promise<PollAnswerDto> {
    const events = found.slice(0, limit);
    const sets = this.signer.sign(stream, events);
    await this.erasures.markTold(
      stream.clientId,
      events.flatMap(({ type, jti }) => (type.endsWith('/account-purged') ? jti : [])),
    );
    return { sets, moreAvailable: found.length > limit };
  }
}

async function timeUp(signal: AbortSignal): Promise<void> {
  await delay(LONGEST_WAIT_MS, undefined, { signal, ref: false }).catch(() => undefined);
}
