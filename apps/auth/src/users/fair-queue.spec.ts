import { describe, expect, it } from '@jest/globals';
import { FairQueue } from './fair-queue.js';

const turn = (network: string, account = 'ada') => ({ network, account });

/** Everything that waits, in the order in which it is taken. */
function drain(queue: FairQueue<string>): string[] {
  const taken: string[] = [];
  for (let item = queue.next(); item !== undefined; item = queue.next()) taken.push(item);
  return taken;
}

describe('the fair queue', () => {
  it('takes turns between networks, however many entries one of them has', () => {
    const queue = new FairQueue<string>(10);
    for (const item of ['a1', 'a2', 'a3', 'a4']) queue.add(item, turn('a'));
    queue.add('b1', turn('b'));
    queue.add('c1', turn('c'));
    queue.add('b2', turn('b'));
    expect(drain(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    expect(queue.size).toBe(0);
  });

  it('takes turns between the accounts of one network', () => {
    const queue = new FairQueue<string>(10);
    for (const item of ['a1', 'a2', 'a3']) queue.add(item, turn('n', 'a'));
    queue.add('b1', turn('n', 'b'));
    expect(drain(queue)).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('has room for another network when one has filled it, at the expense of the newest of that one', () => {
    const queue = new FairQueue<string>(4);
    for (const item of ['a1', 'a2', 'a3', 'a4']) expect(queue.add(item, turn('a'))).toBeUndefined();
    expect(queue.add('b1', turn('b'))).toBe('a4');
    expect(queue.add('a5', turn('a'))).toBe('a5');
    expect(queue.add('b2', turn('b'))).toBe('a3');
    expect(queue.add('b3', turn('b'))).toBe('b3');
    expect(drain(queue)).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  it('has room for another account of a network when one has filled it', () => {
    const queue = new FairQueue<string>(3);
    for (const item of ['a1', 'a2', 'a3']) queue.add(item, turn('n', 'a'));
    expect(queue.add('b1', turn('n', 'b'))).toBe('a3');
    expect(queue.add('b2', turn('n', 'b'))).toBe('b2');
    expect(drain(queue)).toEqual(['a1', 'b1', 'a2']);
  });

  it('turns newcomers away where everyone has as little', () => {
    const queue = new FairQueue<string>(2);
    queue.add('a', turn('a'));
    queue.add('b', turn('b'));
    expect(queue.add('c', turn('c'))).toBe('c');
    expect(new FairQueue<string>(0).add('d', turn('d'))).toBe('d');
  });

  it('forgets what no longer waits', () => {
    const queue = new FairQueue<string>(2);
    queue.add('a1', turn('a'));
    queue.add('a2', turn('a'));
    expect(queue.remove('a1', turn('a'))).toBe(true);
    expect(queue.remove('a1', turn('a'))).toBe(false);
    expect(queue.remove('a2', turn('b'))).toBe(false);
    expect(drain(queue)).toEqual(['a2']);
  });
});
