import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccessToken } from '../access-token.js';
import { secondsOf } from '../clock.js';
import { FakeIssuer } from '../testing/index.js';
import { AccessTokenVerifier } from '../access-token.verifier.js';
import { CLOSED } from '../route-policy.js';
import { NO_REVOCATIONS } from './revocation-source.js';
import { RevocationFreshness } from './revocation-freshness.js';
import { parseRevocations } from './revocation.js';
import { RevocationList } from './revocation-list.js';

describe('RevocationList', () => {
  let issuer: FakeIssuer;
  let list: RevocationList;
  let now: number;
  beforeEach(async () => {
    issuer = await FakeIssuer.start({ algorithm: 'ES256' });
    list = new RevocationList(issuer.clock);
    now = secondsOf(issuer.clock);
  });
  afterEach(() => issuer.stop());

  const verified = async (claims: Record<string, unknown>): Promise<AccessToken> => {
    const keys = issuer.keySource();
    keys.start?.();
    await keys.refetch?.('');
    const verifier = new AccessTokenVerifier(issuer.verifierOptions(), keys, NO_REVOCATIONS, issuer.clock);
    const token = await verifier.verify(issuer.token(claims));
    keys.stop?.();
    return token;
  };

  it('hits the tokens of a session and no other', async () => {
    list.add([{ kind: 'session', id: 'ended', until: now + 300 }]);
    expect(list.isRevoked(await verified({ sid: 'ended' }))).toBe(true);
    expect(list.isRevoked(await verified({ sid: 'going on', sub: 'ended' }))).toBe(false);
  });

  it("hits a user's tokens from before the cut-off, not those of a login in the same second", async () => {
    list.add([{ kind: 'user', id: 'ada', before: now, until: now + 300 }]);
    expect(list.isRevoked(await verified({ sub: 'ada', iat: now - 1 }))).toBe(true);
    expect(list.isRevoked(await verified({ sub: 'ada', iat: now }))).toBe(false);
    expect(list.isRevoked(await verified({ sub: 'eve', iat: now - 1 }))).toBe(false);
  });

  it('keeps the later of two cut-offs, in whichever order they arrive', async () => {
    const cutOff = (before: number) => ({ kind: 'user', id: 'ada', before, until: now + 300 }) as const;
    list.add([cutOff(now), cutOff(now - 100)]);
    expect(list.isRevoked(await verified({ sub: 'ada', iat: now - 1 }))).toBe(true);
  });

  it('forgets nothing because of a wall clock that jumps ahead and back again', async () => {
    let [wall, monotonic] = [Date.now(), 0];
    const jumping = new RevocationList({ now: () => wall, monotonic: () => monotonic });
    const until = Math.floor(wall / 1000) + 300;
    const token = await verified({ sid: 'ended' });
    jumping.add([{ kind: 'session', id: 'ended', until }]);
    wall += 3_600_000;
    monotonic += 20_000;
    jumping.add([]);
    wall -= 3_600_000;
    expect(jumping.isRevoked(token)).toBe(true);
    wall += 400_000;
    monotonic += 400_000;
    jumping.add([]);
    expect(jumping.size).toBe(0);
  });

  describe('of a client', () => {
    const cutOff = (id: string) => ({ kind: 'client', id, before: now, until: now + 300, for: 300 }) as const;
    const old = { iat: 0, exp: 300 };
    beforeEach(() => {
      list.add([cutOff('reports')]);
      Object.assign(old, { iat: now - 1, exp: now + 299 });
    });

    it('hits the tokens that it holds for itself', async () => {
      const own = { sub: 'reports', client_id: 'reports', sid: undefined };
      expect(list.isRevoked(await verified({ ...own, ...old }))).toBe(true);
      expect(list.isRevoked(await verified(own))).toBe(false);
    });

    it('hits those that it acts with for a user, at any place of the chain', async () => {
      const chain = (...ids: string[]) =>
        ids.reduceRight<object>((act, sub) => ({ sub, act }), { sub: 'web' });
      expect(list.isRevoked(await verified({ ...old, client_id: 'reports' }))).toBe(true);
      expect(list.isRevoked(await verified({ ...old, act: { sub: 'reports' } }))).toBe(true);
      expect(list.isRevoked(await verified({ ...old, act: chain('a', 'b', 'reports') }))).toBe(true);
      expect(list.isRevoked(await verified({ ...old, act: chain('a', 'b', 'c') }))).toBe(false);
      expect(list.isRevoked(await verified({ act: { sub: 'reports' } }))).toBe(false);
    });

    it('hits nothing of a user with the same id', async () => {
      expect(list.isRevoked(await verified({ ...old, sub: 'reports' }))).toBe(false);
    });
  });

  describe('of a single token', () => {
    const end = (id: string, before = now + 1) =>
      ({ kind: 'token', id, client: 'reports', before, until: now + 300, for: 300 }) as const;
    const own = { sub: 'reports', client_id: 'reports', sid: undefined };

    it('hits that token and no other of its client', async () => {
      list.add([end('leaked'), end('earlier', now - 10)]);
      expect(list.isRevoked(await verified({ ...own, jti: 'leaked' }))).toBe(true);
      expect(list.isRevoked(await verified({ ...own, jti: 'another' }))).toBe(false);
      expect(list.isRevoked(await verified({ jti: 'leaked', client_id: 'other' }))).toBe(false);
      const forUser = { client_id: 'reports', act: { sub: 'reports' } };
      expect(list.isRevoked(await verified({ ...forUser, jti: 'leaked' }))).toBe(true);
      expect(
        list.isRevoked(await verified({ ...forUser, act: { sub: 'next', act: { sub: 'reports' } } })),
      ).toBe(false);
    });

    it('reads the id of no token that cannot be one of them', () => {
      list.add([end('leaked')]);
      const unread = (clientId: string, issuedAt: number) => ({
        clientId,
        issuedAt,
        userId: 'ada',
        get tokenId(): string {
          throw new Error('was read');
        },
      });
      for (const token of [unread('other', now), unread('reports', now + 1)])
        expect(list.isRevoked(token as unknown as AccessToken)).toBe(false);
    });

    it('is forgotten when the token has expired, with the client', async () => {
      const token = await verified({ ...own, jti: 'leaked' });
      list.add([end('leaked')]);
      issuer.clock.advance(301);
      list.add([]);
      expect([list.size, list.isRevoked(token)]).toEqual([0, false]);
    });
  });

  it('makes older tokens of a user stale, which is not revoked', async () => {
    list.add([{ kind: 'stale-user', id: 'ada', before: now, until: now + 300 }]);
    const token = await verified({ sub: 'ada', iat: now - 1 });
    expect([list.isStale(token), list.isRevoked(token)]).toEqual([true, false]);
    expect(list.isStale(await verified({ sub: 'ada' }))).toBe(false);
    expect(list.isStale(await verified({ sub: 'eve', iat: now - 1 }))).toBe(false);
  });

  it('makes older tokens with a role stale, whoever has it', async () => {
    list.add([{ kind: 'stale-role', id: 'support', before: now, until: now + 300 }]);
    expect(list.isStale(await verified({ roles: ['user', 'support'], iat: now - 1 }))).toBe(true);
    expect(list.isStale(await verified({ roles: ['support'] }))).toBe(false);
    expect(list.isStale(await verified({ roles: ['user'], iat: now - 1 }))).toBe(false);
  });

  describe('with a wall clock that is wrong', () => {
    let [wall, monotonic] = [0, 0];
    let jumping: RevocationList;
    beforeEach(() => {
      [wall, monotonic] = [Date.now(), 0];
      jumping = new RevocationList({ now: () => wall, monotonic: () => monotonic });
    });

    it('holds what it hears for the seconds that remained, an hour ahead or behind', async () => {
      const token = await verified({ sid: 'ended' });
      for (const error of [3_600_000, -3_600_000]) {
        const until = Math.floor(wall / 1000) + 300;
        wall += error;
        jumping.add([{ kind: 'session', id: 'ended', until, for: 300 }]);
        monotonic += 20_000;
        jumping.add([]);
        wall -= error;
        monotonic += 20_000;
        jumping.add([]);
        expect(jumping.isRevoked(token)).toBe(true);
        monotonic += 300_000;
        jumping.add([]);
        expect(jumping.size).toBe(0);
      }
    });

    it('tells on what remains now', () => {
      jumping.add([{ kind: 'session', id: 'ended', until: 1, for: 300 }]);
      monotonic += 100_000;
      expect(jumping.all()).toEqual([{ kind: 'session', id: 'ended', until: 1, for: 200 }]);
    });

    it('tells on all that it was told', () => {
      const cutOff = { id: 'a', before: 2, until: 9, for: 300 };
      const told = [
        { ...cutOff, kind: 'user' },
        { ...cutOff, kind: 'token', client: 'reports' },
      ] as const;
      jumping.add(told);
      expect(JSON.parse(JSON.stringify(jumping.all()))).toStrictEqual(told);
      expect(jumping.find('token', 'a')).toMatchObject(told[1]);
    });

    it('forgets nothing because another replica knows a shorter rest of it', async () => {
      jumping.add([{ kind: 'session', id: 'ended', until: 1, for: 300 }]);
      jumping.add([{ kind: 'session', id: 'ended', until: 1, for: 5 }]);
      monotonic += 100_000;
      jumping.add([]);
      expect(jumping.isRevoked(await verified({ sid: 'ended' }))).toBe(true);
    });
  });

  it('hits every token that a key has signed', async () => {
    const token = await verified({});
    list.add([{ kind: 'key', id: 'another', until: now + 300 }]);
    expect(list.isRevoked(token)).toBe(false);
    list.add([{ kind: 'key', id: issuer.key.kid, until: now + 300 }]);
    expect(list.isRevoked(token)).toBe(true);
  });

  it('forgets what concerns expired tokens only, and nothing earlier', () => {
    const entries = Array.from(
      { length: 1000 },
      (_, i) => ({ kind: 'session', id: `s${i}`, until: now + 300 }) as const,
    );
    list.add(entries);
    issuer.clock.advance(300);
    list.add([]);
    expect(list.size).toBe(1000);
    issuer.clock.advance(11);
    list.add([]);
    expect(list.size).toBe(0);
  });
});

describe('parseRevocations', () => {
  const good = { kind: 'session', id: 'a', until: 1 };
  const write = (...revocations: unknown[]) => JSON.stringify({ revocations });

  it('reads what auth writes', () => {
    const user = { kind: 'user', id: 'a', before: 1, until: 2 };
    expect(parseRevocations(write(good, user))).toEqual([good, user]);
    const cutOffs = ['client', 'stale-user', 'stale-role'].map((kind) =>
      Object.assign({ kind, for: 1.5 }, { id: 'a', before: 1, until: 2 }),
    );
    expect(parseRevocations(write(...cutOffs))).toEqual(cutOffs);
    const token = { ...user, kind: 'token', client: 'reports' };
    expect(parseRevocations(write(token))).toEqual([token]);
  });

  it('passes over a kind of tomorrow, and reads what stands beside it', () => {
    expect(parseRevocations(write({ kind: 'device', serial: 1 }, good))).toEqual([good]);
  });

  it.each([
    ['a client without a cut-off', write({ ...good, kind: 'client' })],
    ['a stale role without a cut-off', write({ ...good, kind: 'stale-role' })],
    ['a token without a client', write({ ...good, kind: 'token', before: 1 })],
    ['a token without a cut-off', write({ ...good, kind: 'token', client: 'reports' })],
    ['a remainder that is no number', write({ ...good, for: '5' })],
    ['no kind', write({ id: 'a', until: 1 })],
    ['an empty id', write({ ...good, id: '' })],
    ['an id of another type', write({ ...good, id: 1 })],
    ['an overlong id', write({ ...good, id: 'x'.repeat(256) })],
    ['no end', write({ kind: 'session', id: 'a' })],
    ['a user without a cut-off', write({ ...good, kind: 'user' })],
    ['a list of lists', write([good])],
    ['another shape', '[]'],
    ['no object', 'null'],
    ['no JSON', 'revoked'],
  ])('refuses %s instead of passing over it', (_case, json) => {
    expect(() => parseRevocations(json)).toThrow();
  });
});

describe('RevocationFreshness', () => {
  const policy = (isFresh: boolean) => ({ ...CLOSED, isFresh });
  const aged = (age: number) => ({ isRevoked: () => false, age: () => age });

  it.each([
    ['accept, an ordinary route, no word from auth ever', Infinity, undefined, false, true],
    ['accept, a fresh route, five seconds', 5, undefined, true, true],
    ['accept, a fresh route, more than that', 5.1, undefined, true, false],
    ['reject, an ordinary route, within the limit', 30, 30, false, true],
    ['reject, an ordinary route, over the limit', 30.1, 30, false, false],
    ['reject with a limit below five seconds, a fresh route', 4, 3, true, false],
  ])('%s', (_case, age, maxAge, isFresh, expected) => {
    expect(new RevocationFreshness(aged(age), maxAge).suffices(policy(isFresh))).toBe(expected);
  });

  it('refuses a fresh route in a service without a feed', () => {
    expect(new RevocationFreshness(NO_REVOCATIONS).suffices(policy(true))).toBe(false);
    expect(new RevocationFreshness(NO_REVOCATIONS).suffices(policy(false))).toBe(true);
  });
});
