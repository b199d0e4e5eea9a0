import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccessToken } from '../access-token.js';
import { secondsOf } from '../clock.js';
import { FakeIssuer } from '../testing/index.js';
import { AccessTokenVerifier } from '../token/access-token.verifier.js';
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
  });

  it.each([
    ['a kind of tomorrow', write(good, { ...good, kind: 'client' })],
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
  const policy = (isFresh: boolean) => ({ isPublic: false, scopes: [], roles: [], isFresh });
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
