import { describe, expect, it } from '@jest/globals';
import { REVOCATION_KINDS, RevocationList, type AccessToken, type Revocation } from '@signet/jwt-shared';
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
    [
      { kind: 'token', client: 'reports', before: 5, ...life },
      { kind: 'user', id: 'reports', before: 5, until: 86_402, for: 86_401 },
    ],
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

describe('a follower that does not know single tokens', () => {
  const time = { now: 1_000_000, monotonic: 0 };
  const ended = (id: string, issuedAt: number, expiresAt: number): Revocation => ({
    kind: 'token',
    id,
    client: 'reports',
    before: issuedAt + 1,
    until: expiresAt,
    for: expiresAt - 1000,
  });
  const long = ended('long', 900, 1200);
  const short = ended('short', 950, 1010);

  it.each([[[long, short]], [[short, long]]])(
    'refuses each of several until it expires: %j',
    (revocations) => {
      Object.assign(time, { now: 1_000_000, monotonic: 0 });
      const list = new RevocationList({ now: () => time.now, monotonic: () => time.monotonic });
      const kinds = kindsIn('session,user,key,client,stale-user,stale-role');
      list.add(revocations.flatMap((revocation) => inKinds(revocation, kinds) ?? []));
      Object.assign(time, { now: 1_150_000, monotonic: 150_000 });
      list.add([]);
      const token = (issuedAt: number) => ({ clientId: 'reports', userId: 'ada', issuedAt }) as AccessToken;
      expect([900, 950, 951].map((issuedAt) => list.isRevoked(token(issuedAt)))).toEqual([true, true, false]);
    },
  );
});
