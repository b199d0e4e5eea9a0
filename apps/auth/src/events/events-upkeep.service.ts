import { BackgroundLoopsService, MetricsRegistry } from '@signet/service-kit';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { ErasuresRepository } from './erasures.repository.js';
import { EventOutboxRepository, type ClientCount } from './event-outbox.repository.js';

/** Few enough for no request to notice. */
const BATCH = 500;
const LONGEST_PAUSE_MS = 10_000;
const GAUGES = [
  ['event_outbox_waiting', 'waiting', 'Account events that their receivers have not acknowledged.'],
  [
    'event_outbox_oldest_seconds',
    'oldestSeconds',
    'Age of the oldest event that its receiver has not acknowledged.',
  ],
  [
    'event_outbox_set_aside',
    'setAside',
    'Account events that are not delivered any more: refused by their receiver, or never acknowledged.',
  ],
  ['erasures_pending', 'pending', 'Deletions that a service has not confirmed, times services.'],
  ['erasures_overdue', 'overdue', 'Those of them whose ERASURE_DEADLINE_SECONDS have passed.'],
] as const;

/**
 * Bounds what waits: sets aside events that no receiver has acknowledged for `EVENTS_RETENTION_SECONDS`, removes them
 * after as long again, and tells of that and of overdue erasures by log and metrics.
 */
@Injectable()
export class EventsUpkeepService implements OnModuleInit {
  private readonly logger = new Logger('AccountEvents');
  private statistics = { waiting: 0, oldestSeconds: 0, setAside: 0, pending: 0, overdue: 0 };

  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    private readonly outbox: EventOutboxRepository,
    private readonly erasures: ErasuresRepository,
    private readonly loops: BackgroundLoopsService,
    metrics: MetricsRegistry,
  ) {
    for (const [name, key, help] of GAUGES) metrics.gauge(name, help, () => this.statistics[key]);
  }

  onModuleInit(): void {
    this.loops.start({
      name: 'account-events',
      pauseMs: Math.min(this.config.CLEANING_INTERVAL_SECONDS * 1000, LONGEST_PAUSE_MS),
      round: (signal) => this.turn(signal),
    });
  }

  /** One round of all that there is to do: storage stays bounded, however many events come in between two rounds. */
  private async turn(signal: AbortSignal): Promise<void> {
    const { EVENTS_RETENTION_SECONDS: retention, ERASURE_DEADLINE_SECONDS: deadline } = this.config;
    for (const [clientId, count] of await all(signal, () => this.outbox.setAsideExpired(retention, BATCH))) {
      this.logger.warn(
        `Set aside ${count} account events that ${clientId} has not acknowledged for ${retention} seconds`,
      );
    }
    for (const [clientId, count] of await all(signal, () => this.outbox.removeSetAside(retention, BATCH))) {
      this.logger.error(`Dropped ${count} account events of ${clientId} that had been set aside`);
    }
    for (const [clientId, count] of await all(signal, () => this.erasures.reportOverdue(BATCH))) {
      this.logger.error(`${clientId} has not confirmed ${count} deletions within ${deadline} seconds`);
    }
    while (!signal.aborted && (await this.erasures.removeExpired(BATCH)) === BATCH);
    this.statistics = { ...(await this.outbox.statistics()), ...(await this.erasures.statistics()) };
  }
}

/** Calls `batch` until one is not full. @returns the counts of each client */
async function all(
  signal: AbortSignal,
  batch: () => Promise<readonly ClientCount[]>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let changed = BATCH; changed === BATCH && !signal.aborted;) {
    changed = 0;
    for (const { clientId, count } of await batch()) {
      counts.set(clientId, (counts.get(clientId) ?? 0) + count);
      changed += count;
    }
  }
  return counts;
}
