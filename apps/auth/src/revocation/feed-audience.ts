import type { Revocation, RevocationKind } from '@signet/jwt-shared';
import type { ServerResponse } from 'node:http';
import { eventsOf, FeedSnapshot } from './feed-events.js';
import { FeedFollower } from './feed-follower.js';
import { inKinds } from './feed-kinds.js';

/** For so long a snapshot is shared with those who come later, together with what was sent since. */
const SNAPSHOT_FOR_MS = 1_000;

/** The followers that understand the same kinds: whatever they are told is put into words once. */
export class FeedAudience {
  readonly followers = new Set<FeedFollower>();
  private shared:
    { readonly at: number; readonly snapshot: FeedSnapshot; readonly later: Buffer[] } | undefined;

  constructor(private readonly kinds: readonly RevocationKind[]) {}

  /** @param all everything that is revoked, asked for only when no snapshot is new enough */
  open(response: ServerResponse, all: () => readonly Revocation[]): FeedFollower {
    this.forget();
    this.shared ??= { at: performance.now(), snapshot: new FeedSnapshot(this.translate(all())), later: [] };
    const follower = new FeedFollower(response, this.shared.snapshot, this.shared.later);
    this.followers.add(follower);
    follower.stream.once('close', () => this.followers.delete(follower));
    return follower;
  }

  tell(revocations: readonly Revocation[]): void {
    this.forget();
    if (this.shared === undefined && this.followers.size === 0) return;
    const events = eventsOf(this.translate(revocations));
    this.shared?.later.push(...events);
    for (const follower of this.followers) follower.send(events);
  }

  beat(comment: Buffer): void {
    this.forget();
    for (const follower of this.followers) follower.beat(comment);
  }

  private forget(): void {
    if (this.shared !== undefined && performance.now() - this.shared.at > SNAPSHOT_FOR_MS)
      this.shared = undefined;
  }

  private translate(revocations: readonly Revocation[]): Revocation[] {
    return revocations.flatMap((revocation) => inKinds(revocation, this.kinds) ?? []);
  }
}
