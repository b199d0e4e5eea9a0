import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/index.js';
import { BackgroundLoop, type BackgroundWork } from './background-loop.js';

/**
 * Runs the background work of a service, and stops it with the service.
 *
 * @example
 * onModuleInit(): void {
 *   this.loops.start({ name: 'expiry', pauseMs: 60_000, round: () => this.removeExpired() });
 * }
 */
@Injectable()
export class BackgroundLoopsService implements OnModuleDestroy {
  private readonly loops = new Map<string, BackgroundLoop>();

  constructor(metrics: MetricsRegistry) {
    for (const outcome of ['done', 'failed'] as const) {
      metrics.counters(
        `background_rounds_${outcome}_total`,
        `Rounds of background work that ${outcome === 'done' ? 'succeeded' : 'failed'}.`,
        'loop',
        () => Object.fromEntries([...this.loops].map(([name, { rounds }]) => [name, rounds[outcome]])),
      );
    }
  }

  /** Starts the work at once. @throws {Error} if work of that name is there already */
  start(work: BackgroundWork): BackgroundLoop {
    if (this.loops.has(work.name)) throw new Error(`There is background work called ${work.name} already`);
    const logger = new Logger(work.name);
    const loop = new BackgroundLoop({ report: (error) => logger.warn(error), ...work });
    this.loops.set(work.name, loop);
    return loop;
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.stop(FAREWELL_MS)));
  }
}

/** For a round that is under way when the service ends; whatever it does has to bear being cut off. */
const FAREWELL_MS = 3_000;
