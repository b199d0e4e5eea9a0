import { describe, expect, it } from '@jest/globals';
import { MetricsRegistry } from '@signet/service-kit';
import { HashQueueService } from './hash-queue.service.js';

const overload = { status: 503, headers: { 'retry-after': '2' } };
const ada = { network: '192.0.2.1', account: 'ada@example.com' };

function queueOf(HASH_CONCURRENCY: number, HASH_QUEUE: number, HASH_DEADLINE_SECONDS: number) {
  const settings = { HASH_CONCURRENCY, HASH_QUEUE, HASH_DEADLINE_SECONDS };
  return new HashQueueService(settings, new MetricsRegistry());
}

describe('the queue of key derivations', () => {
  it('turns away at once what neither runs nor fits among those that wait', async () => {
    const queue = queueOf(2, 3, 60);
    const { promise: end, resolve: finish } = Promise.withResolvers<string>();
    const admitted = Array.from({ length: 5 }, () => queue.run(() => end, ada));
    expect([queue.running, queue.waiting]).toEqual([2, 3]);
    await expect(queue.run(() => end, ada)).rejects.toMatchObject(overload);
    finish('done');
    expect(await Promise.all(admitted)).toEqual(Array.from({ length: 5 }, () => 'done'));
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
    expect(await queue.run(() => Promise.resolve('next'), ada)).toBe('next');
    expect(queue.refused).toEqual({ full: 1, late: 0 });
  });

  it('takes none to wait where none may', async () => {
    const queue = queueOf(1, 0, 60);
    const { promise: end, resolve: finish } = Promise.withResolvers<void>();
    const running = queue.run(() => end, ada);
    await expect(queue.run(() => end, ada)).rejects.toMatchObject(overload);
    finish();
    await running;
  });

  it('turns away what has waited for too long, without having begun it', async () => {
    const queue = queueOf(1, 9, 1);
    const { promise: end, resolve: finish } = Promise.withResolvers<void>();
    const running = queue.run(() => end, ada);
    let isBegun = false;
    await expect(queue.run(async () => void (isBegun = true), ada)).rejects.toMatchObject(overload);
    finish();
    await running;
    await queue.run(() => Promise.resolve(), ada);
    expect(isBegun).toBe(false);
  });

  it('runs on when a derivation fails', async () => {
    const queue = queueOf(1, 1, 60);
    const failing = queue.run(() => Promise.reject(new Error('no memory')), ada);
    const waiting = queue.run(() => Promise.resolve('done'), ada);
    await expect(failing).rejects.toThrow('no memory');
    expect(await waiting).toBe('done');
    expect(queue.running).toBe(0);
  });

  it('lets a stranger in between while one network floods it', async () => {
    const queue = queueOf(2, 64, 60);
    const order: string[] = [];
    const work = (name: string) => async () => void order.push(name);
    const flood = Array.from({ length: 90 }, () => queue.run(work('flood'), ada));
    const others = Array.from({ length: 20 }, (_, index) =>
      queue.run(work('other'), { network: `198.51.100.${index % 4}`, account: `person-${index}` }),
    );
    const results = await Promise.allSettled([...flood, ...others]);
    expect(results.slice(90).map(({ status }) => status)).toEqual(others.map(() => 'fulfilled'));
    expect(order.slice(0, 30).filter((name) => name === 'other').length).toBe(20);
    expect(queue.refused.full).toBe(90 + 20 - 66);
  });
});
