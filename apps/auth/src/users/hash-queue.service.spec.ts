import { describe, expect, it } from '@jest/globals';
import { HashQueueService } from './hash-queue.service.js';

const overload = { status: 503, headers: { 'retry-after': '2' } };
const ada = { network: '192.0.2.1', account: 'ada@example.com' };

describe('the queue of key derivations', () => {
  it('turns away at once what neither runs nor fits among those that wait', async () => {
    const queue = new HashQueueService({ HASH_CONCURRENCY: 2, HASH_QUEUE: 3, HASH_DEADLINE_SECONDS: 60 });
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
    const queue = new HashQueueService({ HASH_CONCURRENCY: 1, HASH_QUEUE: 0, HASH_DEADLINE_SECONDS: 60 });
    const { promise: end, resolve: finish } = Promise.withResolvers<void>();
    const running = queue.run(() => end, ada);
    await expect(queue.run(() => end, ada)).rejects.toMatchObject(overload);
    finish();
    await running;
  });

  it('turns away what has waited for too long, without having begun it', async () => {
    const queue = new HashQueueService({ HASH_CONCURRENCY: 1, HASH_QUEUE: 9, HASH_DEADLINE_SECONDS: 1 });
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
    const queue = new HashQueueService({ HASH_CONCURRENCY: 1, HASH_QUEUE: 1, HASH_DEADLINE_SECONDS: 60 });
    const failing = queue.run(() => Promise.reject(new Error('no memory')), ada);
    const waiting = queue.run(() => Promise.resolve('done'), ada);
    await expect(failing).rejects.toThrow('no memory');
    expect(await waiting).toBe('done');
    expect(queue.running).toBe(0);
  });

  it('lets a stranger in between while one network floods it', async () => {
    const queue = new HashQueueService({ HASH_CONCURRENCY: 2, HASH_QUEUE: 64, HASH_DEADLINE_SECONDS: 60 });
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
