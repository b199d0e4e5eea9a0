import type { RoutePolicy } from '../route-policy.js';
import type { RevocationSource } from './revocation-source.js';

/** Seconds that the knowledge of a `@Fresh()` route may be old. */
const FRESH = 5;

/** Decides whether a service knows recent enough revocations to let a call in. */
export class RevocationFreshness {
  /** @param maxAge seconds; `Infinity`: tokens are good for their own life, whatever happens to the feed */
  constructor(
    private readonly revocations: RevocationSource,
    private readonly maxAge = Infinity,
  ) {}

  suffices({ isFresh }: Pick<RoutePolicy, 'isFresh'>): boolean {
    const limit = isFresh ? Math.min(FRESH, this.maxAge) : this.maxAge;
    return limit === Infinity || (this.revocations.age?.() ?? 0) <= limit;
  }
}
