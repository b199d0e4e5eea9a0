import { describe, expect, it } from '@jest/globals';
import { REVOCATION_KINDS, type Revocation } from '@signet/jwt-shared';
import { inKinds, kindsIn } from './feed-kinds.js';

const life = { id: 'one', until: 2, for: 1 };

describe('a follower of an older version', () => {
  const kinds = kindsIn(undefined);

  it('is told of the kinds of the first version only', () => {
    expect(kinds).toEqual(['key', 'session', 'user']);
    expect(kindsIn(['session'])).toEqual(kinds);
  });

  it.each<[Revocation, Revocation | undefined]>([
    [
      { kind: 'session', ...life },
      { kind: 'session', ...life },
    ],
    [
      { kind: 'stale-user', before: 5, ...life },
      { kind: 'user', before: 5, ...life },
    ],
    [
      { kind: 'client', before: 5, ...life },
      { kind: 'user', before: 5, ...life },
    ],
    [{ kind: 'stale-role', before: 5, ...life }, undefined],
  ])('hears of %j as %j', (revocation, heard) => {
    expect(inKinds(revocation, kinds)).toEqual(heard);
  });
});

describe('a follower that says what it understands', () => {
  it('is told of that, in one order, whatever else it names', () => {
    const all = REVOCATION_KINDS.toSorted();
    expect(kindsIn(REVOCATION_KINDS.join(','))).toEqual(all);
    expect(kindsIn(['from-tomorrow', ...REVOCATION_KINDS.toReversed()].join(','))).toEqual(all);
    expect(kindsIn('constructor,__proto__,,stale-role')).toEqual(['stale-role']);
  });

  it('is not told of users where it knows none', () => {
    expect(inKinds({ kind: 'stale-user', before: 5, ...life }, ['session'])).toBeUndefined();
  });
});
