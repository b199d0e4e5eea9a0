import { describe, expect, it } from '@jest/globals';
import { HashQueue } from './hash-queue.js';

const overload = { status: 503, headers: { 'retry-after': '2' } };

describe('the queue of key derivations', () => {
  it('turns away at once what neither runs nor fits among those that wait', async () => {
    const queue = new HashQueue({ HASH_CONCURRENCY: 2, HASH_QUEUE: 3, HASH_DEADLINE_SECONDS: 60 });
    const { promise: end, resolve: finish } = Promise.withResolvers<string>();
    const admitted = Array.from({ length: 5 }, () => queue.run(() => end));
    await expect(queue.run(() => end)).rejects.toMatchObject(overload);
    finish('done');
    expect(await Promise.all(admitted)).toEqual(Array.from({ length: 5 }, () => 'done'));
    expect(await queue.run(() => Promise.resolve('next'))).toBe('next');
  });

  it('takes none to wait where none may', async () => {
    const queue = new HashQueue({ HASH_CONCURRENCY: 1, HASH_QUEUE: 0, HASH_DEADLINE_SECONDS: 60 });
    const { promise: end, resolve: finish } = Promise.withResolvers<void>();
    const running = queue.run(() => end);
    await expect(queue.run(() => end)).rejects.toMatchObject(overload);
    finish();
    await running;
  });

  it('turns away what has waited for too long, without having begun it', async () => {
    const queue = new HashQueue({ HASH_CONCURRENCY: 1, HASH_QUEUE: 9, HASH_DEADLINE_SECONDS: 1 });
    const { promise: end, resolve: finish } = Promise.withResolvers<void>();
    const running = queue.run(() => end).catch(() => undefined);
    let isBegun = false;
    await expect(queue.run(async () => void (isBegun = true))).rejects.toMatchObject(overload);
    finish();
    await running;
    await queue.run(() => Promise.resolve());
    expect(isBegun).toBe(false);
  });
});
