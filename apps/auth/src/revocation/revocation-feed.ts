import type { Revocation } from '@signet/jwt-shared';
import { Readiness } from '@signet/service-kit';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { FeedFollower } from './feed-follower.js';
import { LiveRevocations } from './live-revocations.js';
import { feedUnavailable } from './revocation.errors.js';

const BEAT_EVERY_MS = 1_000;
/** How long a client may take to read the end at shutdown. */
const FAREWELL_MS = 500;

/** The feed: every revocation, to everybody who follows, as server-sent events (WHATWG HTML §9.2). */
@Injectable()
export class RevocationFeed implements OnModuleInit {
  private readonly clients = new Set<FeedFollower>();
  private heart: NodeJS.Timeout;

  constructor(
    private readonly live: LiveRevocations,
    private readonly readiness: Readiness,
  ) {}

  /** How many follow. */
  get size(): number {
    return this.clients.size;
  }

  onModuleInit(): void {
    this.live.added.subscribe((revocations) => this.tell(eventOf('revoked', revocations)));
    this.readiness.onStopping(() => this.sayGoodbye());
    this.heart = setInterval(() => this.beat(), BEAT_EVERY_MS).unref();
  }

  /**
   * Ends all streams, so that services move on to another replica and the server can close: those that are read at
   * once, the others shortly after.
   */
  private sayGoodbye(): void {
    clearInterval(this.heart);
    for (const client of this.clients) client.end();
    setTimeout(() => this.cutOffAll(), FAREWELL_MS).unref();
  }

  /**
   * A new stream: a snapshot of everything that is revoked, then what is revoked from now on.
   *
   * @param response that will send it
   * @throws {ProblemException} 503 when this replica does not know what is revoked, so that another is asked
   */
  open(response: ServerResponse): Readable {
    if (!this.readiness.wantsTraffic || !this.live.isCurrent) throw feedUnavailable();
    const client = new FeedFollower(response);
    this.clients.add(client);
    client.stream.once('close', () => this.clients.delete(client));
    client.send(eventOf('snapshot', this.live.all(), 'retry: 1000\n'));
    return client.stream;
  }

  /** A beat says that everything is known here; a replica that has lost step with the database must not say so. */
  private beat(): void {
    if (this.live.isCurrent) this.tell(': beat\n\n');
    else this.cutOffAll();
  }

  private tell(text: string): void {
    if (!this.readiness.wantsTraffic) return;
    for (const client of this.clients) client.send(text);
  }

  private cutOffAll(): void {
    for (const client of this.clients) client.cutOff();
  }
}

function eventOf(name: 'snapshot' | 'revoked', revocations: readonly Revocation[], more = ''): string {
  return `event: ${name}\ndata: ${JSON.stringify({ revocations })}\n${more}\n`;
}
