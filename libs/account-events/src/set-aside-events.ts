import { Inject, Injectable } from '@nestjs/common';
import { ACCOUNT_EVENTS_OPTIONS, type ResolvedOptions } from './account-events.options.js';
import type { SetAsideEvent } from './store/account-event.store.js';

/** The events of a service whose handler kept failing, for its operator. */
@Injectable()
export class SetAsideEvents {
  constructor(@Inject(ACCOUNT_EVENTS_OPTIONS) private readonly options: ResolvedOptions) {}

  /** The oldest first. */
  list(limit = 100): Promise<SetAsideEvent[]> {
    return this.options.store.listSetAside(limit);
  }

  /**
   * Has events tried again, within seconds, by the replica that handles events. One that fails as often as before is
   * set aside anew.
   *
   * @param jti all of them unless told
   * @returns how many
   */
  retry(jti?: string): Promise<number> {
    return this.options.store.retry(jti);
  }
}
