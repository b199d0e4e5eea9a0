import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** What may wait for a client that reads slowly before it is cut off. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** One open stream of the feed. */
export class FeedFollower {
  /** What is sent, as far as the client has read. */
  readonly stream = new Readable({ read: () => undefined });

  constructor(private readonly response: ServerResponse) {
    this.stream.on('error', () => undefined);
    // Of a HEAD request nobody ever reads the stream, and so nobody ends it.
    response.once('close', () => this.stream.destroy());
  }

  /** Sends, or cuts off a client that has not read what was sent before: it will come back for a snapshot. */
  send(text: string): void {
    if (this.stream.readableLength > MAX_WAITING_BYTES) this.cutOff();
    else this.stream.push(text);
  }

  /** Ends the stream for a client that reads to its end. */
  end(): void {
    this.stream.push(null);
  }

  /** The response too, as what it has taken from the stream may never be read either. */
  cutOff(): void {
    this.response.destroy();
  }
}
