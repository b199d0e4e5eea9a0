import type { Revocation, RevocationKind } from '@signet/jwt-shared';
import { MetricsRegistry, ProblemException, ReadinessService } from '@signet/service-kit';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { FeedAudience } from './feed-audience.js';
import { LiveRevocationsService } from './live-revocations.service.js';

const BEAT_EVERY_MS = 1_000;
/** What is revoked within so long is sent in one event: the first at once, what follows together. */
const COALESCE_MS = 50;
/** How long a follower may take to read the end at shutdown. */
const FAREWELL_MS = 500;

/** Streams every revocation to all followers as server-sent events (WHATWG HTML §9.2). */
@Injectable()
export class RevocationFeedService implements OnModuleInit {
  /** By the kinds that their followers understand. */
  private readonly audiences = new Map<string, FeedAudience>();
  private pending: (readonly Revocation[])[] = [];
  private sentAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private heart: NodeJS.Timeout;

  constructor(
    private readonly live: LiveRevocationsService,
    private readonly readiness: ReadinessService,
    metrics: MetricsRegistry,
  ) {
    metrics.gauge(
      'revocation_feed_clients',
      'Services that follow the feed of this replica.',
      () => this.size,
    );
    metrics.gauge('revocations_held', 'Revocations in memory.', () => live.size);
    const age = 'Time since the table of revocations was read.';
    metrics.gauge('revocations_age_seconds', age, () => live.age());
  }

  /** How many follow. */
  private get size(): number {
    let size = 0;
    for (const { followers } of this.audiences.values()) size += followers.size;
    return size;
  }

  onModuleInit(): void {
    this.live.added.subscribe((revocations) => this.add(revocations));
    this.readiness.onStopping(() => this.sayGoodbye());
    this.heart = setInterval(() => this.beat(), BEAT_EVERY_MS).unref();
  }

  /**
   * A new stream: a snapshot of everything that is revoked, then what is revoked from now on.
   *
   * @param response that will send it
   * @param kinds that the follower understands, sorted
   * @throws {ProblemException} 503 when this replica does not know what is revoked, so that another is asked
   */
  open(response: ServerResponse, kinds: readonly RevocationKind[]): Readable {
    if (!this.readiness.wantsTraffic || !this.live.isCurrent) throw feedUnavailable();
    const key = kinds.join();
    let audience = this.audiences.get(key);
    if (audience === undefined) this.audiences.set(key, (audience = new FeedAudience(kinds)));
    const follower = audience.open(response, () => this.live.all());
    follower.send([this.comment()]);
    return follower.stream;
  }

  private add(revocations: readonly Revocation[]): void {
    this.pending.push(revocations);
    if (this.timer !== undefined) return;
    const pause = this.sentAt + COALESCE_MS - performance.now();
    if (pause <= 0) this.flush();
    else this.timer = setTimeout(() => this.flush(), pause).unref();
  }

  private flush(): void {
    const pending = this.pending.flat();
    [this.timer, this.pending, this.sentAt] = [undefined, [], performance.now()];
    if (!this.readiness.wantsTraffic) return;
    for (const audience of this.audiences.values()) audience.tell(pending);
  }

  /** A beat says that everything is known here; a replica that has lost step with the database must not say so. */
  private beat(): void {
    if (!this.readiness.wantsTraffic) return;
    if (!this.live.isCurrent) return this.cutOffAll();
    const comment = this.comment();
    for (const audience of this.audiences.values()) audience.beat(comment);
  }

  /** With the age of what is known here: a follower knows as much as was known then, and no more. */
  private comment(): Buffer {
    return Buffer.from(`: beat ${this.live.age().toFixed(3)}\n\n`);
  }

  /**
   * Ends all streams, so that services move on to another replica and the server can close: those that are read at
   * once, the others shortly after.
   */
  private sayGoodbye(): void {
    clearInterval(this.heart);
    for (const { followers } of this.audiences.values()) for (const follower of followers) follower.end();
    setTimeout(() => this.cutOffAll(), FAREWELL_MS).unref();
  }

  private cutOffAll(): void {
    for (const { followers } of this.audiences.values()) for (const follower of followers) follower.cutOff();
  }
}

/** The replica is not in step with the database, or is stopping; another may serve the feed. */
export function feedUnavailable(): ProblemException {
  return new ProblemException(503, 'FEED_UNAVAILABLE', 'This replica cannot serve the feed right now.', {
    headers: { 'retry-after': '1' },
  });
}
