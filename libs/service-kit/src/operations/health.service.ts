import { Injectable, Logger, Optional } from '@nestjs/common';
import { DatabaseHealthService } from '../database/index.js';
import { ReadinessService } from './readiness.service.js';

/** What is known of one thing that a service needs; further members are shown to operators as they are. */
export type HealthState = { readonly status: 'up' | 'down' } & Readonly<Record<string, unknown>>;

/** Whether a service can do its work, and why not. */
export interface HealthReport {
  readonly isReady: boolean;
  readonly details: Readonly<Record<string, HealthState>>;
}

/** What `/health/ready` says: the database, whether the service is stopping, and what others have added. */
@Injectable()
export class HealthService {
  private readonly logger = new Logger('Health');
  private readonly checks = new Map<string, () => HealthState>();
  private wasReady = true;

  constructor(
    private readonly readiness: ReadinessService,
    @Optional() private readonly database?: DatabaseHealthService,
  ) {}

  /** @param read is called for every request: it looks at what is known already, and asks nobody */
  add(name: string, read: () => HealthState): void {
    this.checks.set(name, read);
  }

  async report(): Promise<HealthReport> {
    const details: Record<string, HealthState> = {};
    if (this.database) details['database'] = up(await this.database.isUp());
    details['traffic'] = up(this.readiness.wantsTraffic);
    for (const [name, read] of this.checks) details[name] = read();
    const down = Object.keys(details).filter((name) => details[name]?.status === 'down');
    this.log(down);
    return { isReady: down.length === 0, details };
  }

  /** The changes: what asks here asks every few seconds. */
  private log(down: readonly string[]): void {
    const isReady = down.length === 0;
    if (isReady === this.wasReady) return;
    this.wasReady = isReady;
    if (isReady) this.logger.log('Ready again');
    else if (this.readiness.wantsTraffic) this.logger.warn(`Not ready: ${down.join(', ')}`);
  }
}

const up = (isUp: boolean): HealthState => ({ status: isUp ? 'up' : 'down' });
