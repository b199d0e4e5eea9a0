import { elapsed, type Clock } from '../clock.js';
import type { Revocation } from '../revocation/revocation.js';
import { RevocationList } from '../revocation/revocation-list.js';

/** What a service hears of revocations: at once, or, during an outage, when the outage is over. */
export class FakeFeed extends RevocationList {
  #lostAt: number | undefined;
  #missed: Revocation[] = [];

  constructor(private readonly time: Clock) {
    super(time);
  }

  /** While set, the service hears of nothing, and what it knows becomes older. */
  get outage(): boolean {
    return this.#lostAt !== undefined;
  }

  set outage(isLost: boolean) {
    this.#lostAt = isLost ? (this.#lostAt ?? elapsed(this.time)) : undefined;
    if (!isLost) super.add(this.#missed.splice(0));
  }

  /** Seconds since the outage began; 0 without one. */
  age(): number {
    return this.#lostAt === undefined ? 0 : elapsed(this.time) - this.#lostAt;
  }

  override add(revocations: readonly Revocation[]): void {
    if (this.outage) this.#missed.push(...revocations);
    else super.add(revocations);
  }
}
