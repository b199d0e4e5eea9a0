import type { Revocation } from '@signet/jwt-shared';

/** Revocations an event: to put them into words takes about a millisecond, and followers read events of 16 MiB at most. */
const ENTRIES_AN_EVENT = 2_000;

/** Server-sent events (WHATWG HTML §9.2) that tell of revocations. */
export function eventsOf(revocations: readonly Revocation[]): Buffer[] {
  return chunksOf(revocations).map((chunk) => eventOf('revoked', chunk));
}

/** Everything that was revoked at some moment, in events that are made when the first follower has read so far. */
export class FeedSnapshot {
  private readonly chunks: (readonly Revocation[])[];
  private readonly events: Buffer[] = [];

  constructor(revocations: readonly Revocation[]) {
    this.chunks = chunksOf(revocations);
    if (this.chunks.length === 0) this.chunks.push([]);
  }

  /**
   * One of its events; the last one is called `snapshot`, by which a follower knows that it has all.
   *
   * @returns nothing beyond the last
   */
  event(index: number): Buffer | undefined {
    const chunk = this.chunks[index];
    if (chunk === undefined) return undefined;
    const isLast = index === this.chunks.length - 1;
    return (this.events[index] ??= isLast
      ? eventOf('snapshot', chunk, 'retry: 1000\n')
      : eventOf('revoked', chunk));
  }
}

function chunksOf(revocations: readonly Revocation[]): (readonly Revocation[])[] {
  return Array.from({ length: Math.ceil(revocations.length / ENTRIES_AN_EVENT) }, (_, index) =>
    revocations.slice(index * ENTRIES_AN_EVENT, (index + 1) * ENTRIES_AN_EVENT),
  );
}

function eventOf(name: 'snapshot' | 'revoked', revocations: readonly Revocation[], more = ''): Buffer {
  const list = revocations.map(({ for: left, ...rest }) =>
    left === undefined ? rest : { ...rest, for: Math.ceil(left) },
  );
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify({ revocations: list })}\n${more}\n`);
}
