import { describe, expect, it } from '@jest/globals';
import { signerAt, stateOf } from './key-state.js';

const at = (seconds: number): Date => new Date(seconds * 1000);
const key = (signsFrom: number, expiresAt: number, revokedAt?: number) => ({
  signsFrom: at(signsFrom),
  expiresAt: at(expiresAt),
  revokedAt: revokedAt === undefined ? null : at(revokedAt),
});

describe('at any time', () => {
  const first = key(0, 40);
  const second = key(30, 70);
  const revoked = key(31, 70, 32);
  const keys = [first, second, revoked];

  it.each([
    [0, 'current', 'next'],
    [29.999, 'current', 'next'],
    [30, 'retiring', 'current'],
    [39.999, 'retiring', 'current'],
    [40, 'gone', 'current'],
    [500, 'gone', 'current'],
  ])('the states of keys follow from their times: after %d s %s and %s', (now, ofFirst, ofSecond) => {
    expect([stateOf(first, keys, at(now)), stateOf(second, keys, at(now))]).toEqual([ofFirst, ofSecond]);
  });

  it('a key that is revoked is nothing else, and never signs', () => {
    expect(stateOf(revoked, keys, at(33))).toBe('revoked');
    expect(signerAt(keys, at(33))).toBe(second);
  });

  it('there is one signer at most, and none before the first', () => {
    expect(signerAt(keys, at(-1))).toBeUndefined();
    expect(keys.filter((each) => stateOf(each, keys, at(35)) === 'current')).toEqual([second]);
  });
});
