import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FeedSnapshot } from './feed-events.js';

/** What may wait for a follower that reads slowly, beyond its snapshot, before it is cut off. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** How long a follower may take nothing of what waits for it. */
const MAX_STILL_MS = 10_000;

/** One open stream of the feed: a snapshot, which it shares with others, then what it is sent. */
export class FeedFollower {
  readonly stream = new Readable({ read: () => this.take() });
  private position = 0;
  private readonly waiting: Buffer[];
  private waitingBytes = 0;
  private takes = false;
  private isEnding = false;
  private tookAt = performance.now();

  /** @param later what has been sent to others since the snapshot */
  constructor(
    private readonly response: ServerResponse,
    private readonly snapshot: FeedSnapshot,
    later: readonly Buffer[],
  ) {
    this.waiting = [...later];
    this.stream.on('error', () => undefined);
    // The stream of a HEAD request is never read, so nothing else would end it.
    response.once('close', () => this.stream.destroy());
  }

  /** Sends events, or cuts off a follower that has not read what was sent before: it will come back for a snapshot. */
  send(events: readonly Buffer[]): void {
    if (this.waitingBytes > MAX_WAITING_BYTES) return this.cutOff();
    for (const event of events) {
      this.waiting.push(event);
      this.waitingBytes += event.length;
    }
    this.pump();
  }

  /** A sign of life, which is of no use behind something that is still to be read. */
  beat(comment: Buffer): void {
    if (!this.isBehind) this.send([comment]);
    else if (performance.now() - this.tookAt > MAX_STILL_MS) this.cutOff();
  }

  /** Ends the stream for a follower that reads to its end. */
  end(): void {
    this.isEnding = true;
    this.pump();
  }

  /** The response too, as what it has taken from the stream may never be read either. */
  cutOff(): void {
    this.response.destroy();
  }

  private get isBehind(): boolean {
    return this.waiting.length > 0 || this.snapshot.event(this.position) !== undefined;
  }

  private take(): void {
    this.takes = true;
    this.tookAt = performance.now();
    this.pump();
  }

  /** As much as the stream takes: what waits in it is held by every follower, what waits here is shared by all. */
  private pump(): void {
    while (this.takes) {
      const next = this.next();
      if (next === undefined) break;
      this.takes = this.stream.push(next);
    }
    if (this.isEnding && !this.isBehind && !this.stream.readableEnded) this.stream.push(null);
  }

  private next(): Buffer | undefined {
    const part = this.snapshot.event(this.position);
    if (part !== undefined) {
      this.position++;
      return part;
    }
    const event = this.waiting.shift();
    this.waitingBytes -= event?.length ?? 0;
    return event;
  }
}
