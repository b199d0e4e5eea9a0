import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { MetricsRegistry } from '../metrics/index.js';
import { BackgroundLoop, type BackgroundWork } from './background-loop.js';
import { BackgroundLoopsService } from './background-loops.service.js';

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await delay(1);
};

describe('a background loop', () => {
  let loop: BackgroundLoop;
  afterEach(() => loop.stop(100));

  const start = (work: Partial<BackgroundWork> & Pick<BackgroundWork, 'round'>): void => {
    loop = new BackgroundLoop({ name: 'test', pauseMs: 1, report: () => undefined, ...work });
  };

  it('goes on after whatever a round throws, and says what', async () => {
    const reported: unknown[] = [];
    let rounds = 0;
    start({
      round: () => (++rounds < 3 ? Promise.reject(new Error(`round ${rounds}`)) : Promise.resolve()),
      report: (error) => reported.push((error as Error).message),
    });
    await until(() => loop.rounds.done > 1);
    expect(reported).toEqual(['round 1', 'round 2']);
    expect(loop.rounds.failed).toBe(2);
  });

  it('makes no pause while there is more to do', async () => {
    let left = 1_000;
    start({ pauseMs: 60_000, round: () => Promise.resolve(--left > 0) });
    await until(() => left === 0);
    expect(loop.rounds.done).toBe(1_000);
  });

  it('does nothing before the first pause where it is told to wait', async () => {
    let rounds = 0;
    start({ pauseMs: 60_000, pausesFirst: true, round: () => Promise.resolve(void rounds++) });
    await delay(20);
    await loop.stop();
    expect(rounds).toBe(0);
  });

  it('ends a pause at once, and waits for a round under way, when it is stopped', async () => {
    const finish = Promise.withResolvers<void>();
    let wasAborted = false;
    start({
      round: async (signal) => {
        await finish.promise;
        wasAborted = signal.aborted;
      },
    });
    const stopped = loop.stop();
    finish.resolve();
    await stopped;
    expect([wasAborted, loop.rounds.done]).toEqual([true, 1]);
  });

  it('does not wait longer than told for a round that does not end', async () => {
    start({ round: () => new Promise(() => undefined) });
    await loop.stop(1);
    expect(loop.rounds.done).toBe(0);
  });

  it('does not report what fails because it is being stopped', async () => {
    const reported: unknown[] = [];
    const finish = Promise.withResolvers<void>();
    start({ round: () => finish.promise, report: (error) => reported.push(error) });
    const stopped = loop.stop();
    finish.reject(new Error('cut off'));
    await stopped;
    expect(reported).toEqual([]);
  });
});

describe('the background loops of a service', () => {
  it('are counted by name, have names of their own, and end with the service', async () => {
    const metrics = new MetricsRegistry();
    const loops = new BackgroundLoopsService(metrics);
    const loop = loops.start({ name: 'one', pauseMs: 1, round: () => Promise.resolve() });
    expect(() => loops.start({ name: 'one', pauseMs: 1, round: () => Promise.resolve() })).toThrow('one');
    await until(() => loop.rounds.done > 0);
    await loops.onModuleDestroy();
    const done = loop.rounds.done;
    await delay(20);
    expect(loop.rounds.done).toBe(done);
    expect(await metrics.metrics()).toContain(`background_rounds_done_total{loop="one"} ${done}\n`);
  });
});
