import { RevocationList, type AccessToken, type Revocation, type RevocationSource } from '@signet/jwt-shared';
import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';

/** Longer without a look at the database, and a replica no longer knows what others have revoked. */
const CURRENT_FOR_MS = 5_000;

/**
 * All revocations that are still of use, in the memory of this replica: its own guard asks them, and its feed tells
 * them on. The listener keeps them in step with the database.
 */
@Injectable()
export class LiveRevocationsService implements RevocationSource {
  /** What has been added, each revocation once. */
  readonly added = new Subject<readonly Revocation[]>();
  private readonly list = new RevocationList();
  private readAt = -Infinity;

  get size(): number {
    return this.list.size;
  }

  /** Whether what is known here was complete some seconds ago at most. */
  get isCurrent(): boolean {
    return performance.now() - this.readAt < CURRENT_FOR_MS;
  }

  /** Seconds since everything that had been revoked was known here. */
  age(): number {
    return (performance.now() - this.readAt) / 1000;
  }

  isRevoked(token: AccessToken): boolean {
    return this.list.isRevoked(token);
  }

  isStale(token: AccessToken): boolean {
    return this.list.isStale(token);
  }

  /** Everything that is still of use. */
  all(): Revocation[] {
    return this.list.all();
  }

  add(revocations: readonly Revocation[]): void {
    const news = revocations.filter((revocation) => !this.knows(revocation));
    if (news.length === 0) return;
    this.list.add(news);
    this.added.next(news);
  }

  /** Tells that everything which is in the database was added. @param since when the reading of it began */
  markCurrent(since: number): void {
    this.readAt = since;
    this.list.add([]); // forgets what has expired
  }

  private knows(revocation: Revocation): boolean {
    const known = this.list.find(revocation.kind, revocation.id);
    if (known === undefined || known.until < revocation.until) return false;
    return !('before' in known && 'before' in revocation) || known.before >= revocation.before;
  }
}
