import { describe, expect, it } from '@jest/globals';
import { TokenCache, type TokenOwner } from './token-cache.js';

/** A cache over an auth that issues `<owner>-1`, `<owner>-2` and so on, by a clock that the test moves. */
function cacheOf({ expiresIn = 300, maxEntries = 100 } = {}) {
  const asked: TokenOwner[] = [];
  const clock = { now: 0 };
  const cache = new TokenCache(
    (owner) => {
      asked.push(owner);
      return Promise.resolve({ token: `${owner}-${asked.length}`, expiresIn });
    },
    maxEntries,
    () => clock.now,
  );
  return { cache, asked, clock };
}

describe('the cache of tokens', () => {
  it('answers from memory, at once, until shortly before the end', async () => {
    const { cache, asked, clock } = cacheOf();
    expect(await cache.get('user')).toBe('user-1');
    clock.now = 298;
    expect(cache.get('user')).toBe('user-1');
    clock.now = 299;
    expect(await cache.get('user')).toBe('user-2');
    expect(asked.length).toBe(2);
  });

  it("renews the service's own token in the background before it ends, once, and goes on with the old one", async () => {
    const { cache, asked, clock } = cacheOf();
    await cache.get(undefined);
    clock.now = 209;
    expect(cache.get(undefined)).toBe('undefined-1');
    expect(asked.length).toBe(1);
    clock.now = 271;
    expect([cache.get(undefined), cache.get(undefined)]).toEqual(['undefined-1', 'undefined-1']);
    expect(asked.length).toBe(2);
    await new Promise(setImmediate);
    expect(cache.get(undefined)).toBe('undefined-2');
  });

  it('goes on with the old token when a renewal fails', async () => {
    let isAway = false;
    const clock = { now: 0 };
    const cache = new TokenCache(
      () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve({ token: 'one', expiresIn: 100 })),
      10,
      () => clock.now,
    );
    await cache.get(undefined);
    isAway = true;
    clock.now = 95;
    expect(cache.get(undefined)).toBe('one');
    await new Promise(setImmediate);
    expect(cache.get(undefined)).toBe('one');
    clock.now = 100;
    await expect(cache.get(undefined)).rejects.toThrow('away');
  });

  it("does not renew an exchanged token, which ends with the user's", async () => {
    const { cache, asked, clock } = cacheOf();
    await cache.get('user');
    clock.now = 298;
    expect(cache.get('user')).toBe('user-1');
    expect(asked.length).toBe(1);
  });

  it('is bounded: what was used longest ago goes first', async () => {
    const { cache, asked } = cacheOf({ maxEntries: 2 });
    await cache.get('a');
    await cache.get('b');
    await cache.get('a');
    await cache.get('c');
    expect(cache.size).toBe(2);
    expect(cache.get('a')).toBe('a-1');
    expect(await cache.get('b')).toBe('b-4');
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it('forgets a token that was refused, and not the one that came after it', async () => {
    const { cache } = cacheOf();
    await cache.get('user');
    cache.forget('user', 'user-1');
    expect(await cache.get('user')).toBe('user-2');
    cache.forget('user', 'user-1');
    expect(cache.get('user')).toBe('user-2');
  });
});
