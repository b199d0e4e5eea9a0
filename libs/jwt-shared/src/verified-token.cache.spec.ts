import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { AccessToken } from './access-token.js';
import { secondsOf } from './clock.js';
import type { KeySource, TrustedKey } from './keys/key-source.js';
import { RevocationList } from './revocation/revocation-list.js';
import { FakeIssuer } from './testing/index.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { TokenStanding } from './token-standing.js';
import { VerifiedTokenCache, type CacheLimits } from './verified-token.cache.js';

const TOLERANCE = 5;

describe('the cache of verified tokens', () => {
  let issuer: FakeIssuer;
  let keys: KeySource & { withdrawn: Set<TrustedKey> };
  let verifier: AccessTokenVerifier;
  const make = (limits?: CacheLimits) =>
    new VerifiedTokenCache(new TokenStanding(TOLERANCE, keys, issuer.revocations, issuer.clock), limits);
  const add = async (cache: VerifiedTokenCache, token: string) =>
    cache.add(token, await verifier.verify(token));
  beforeAll(async () => {
    issuer = await FakeIssuer.start();
  });
  afterAll(() => issuer.stop());
  beforeEach(() => {
    const source = issuer.keySource();
    const withdrawn = new Set<TrustedKey>();
    keys = {
      find: (kid) => source.find(kid),
      isTrusted: (key) => !withdrawn.has(key) && source.isTrusted(key),
      withdrawn,
    };
    verifier = new AccessTokenVerifier(issuer.verifierOptions(), keys, issuer.revocations, issuer.clock);
  });

  it('knows a token that was verified, and no other', async () => {
    const cache = make();
    const [token, other] = [issuer.token({ sub: 'alice' }), issuer.token({ sub: 'alice' })];
    await add(cache, token);
    expect(cache.find(token)).toMatchObject({ userId: 'alice' });
    for (const text of [
      other,
      '',
      token.slice(1),
      `${token} `,
      token.toUpperCase(),
      token.split('.')[2] ?? '',
    ]) {
      expect(cache.find(text)).toBeUndefined();
    }
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('has no token called %s', (name) => {
    expect(make().find(name)).toBeUndefined();
  });

  it('forgets a token at its end, to the second', async () => {
    const cache = make();
    const token = issuer.token();
    await add(cache, token);
    issuer.clock.advance(300 + TOLERANCE - 1);
    expect(cache.find(token)).toBeDefined();
    issuer.clock.advance(1);
    expect(cache.find(token)).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it('gives a token no more whose session was revoked after it was verified, and knows it as revoked', async () => {
    const cache = make();
    const token = issuer.token({ sid: 'ended' });
    await add(cache, token);
    expect(cache.endOf(token)).toBeUndefined();
    issuer.revokeSession('ended');
    expect(cache.find(token)).toBeUndefined();
    expect(cache.endOf(token)).toBe('revoked');
    expect(cache.endOf(`${token} `)).toBeUndefined();
  });

  it('gives a token no more whose rights have changed, and one that is both is revoked', async () => {
    const cache = make();
    const token = issuer.token({ sub: 'demoted', sid: 'demoted' });
    await add(cache, token);
    issuer.cutOff('stale-user', 'demoted');
    expect([cache.find(token), cache.endOf(token)]).toEqual([undefined, 'stale']);
    issuer.revokeSession('demoted');
    expect([cache.find(token), cache.endOf(token)]).toEqual([undefined, 'revoked']);
  });

  it('counts the actors of a token', async () => {
    const [plain, chained] = [make(), make()];
    await add(plain, issuer.token({ act: undefined, pad: 'x'.repeat(60) }));
    await add(chained, issuer.token({ act: { sub: 'a', act: { sub: 'b' } } }));
    expect(chained.bytes).toBeGreaterThan(plain.bytes);
  });

  it('calls a revoked token revoked no longer than it is trusted and has not expired', async () => {
    const cache = make();
    const [old, strange] = [
      issuer.token({ sid: 'gone' }),
      issuer.token({ sid: 'gone', exp: secondsOf(issuer.clock) + 3000 }),
    ];
    await add(cache, old);
    await add(cache, strange);
    issuer.revokeSession('gone');
    issuer.clock.advance(300 + TOLERANCE);
    expect([cache.endOf(old), cache.endOf(strange)]).toEqual([undefined, 'revoked']);
    for (const key of keys.find(undefined)) keys.withdrawn.add(key);
    expect(cache.endOf(strange)).toBeUndefined();
    expect([cache.find(old), cache.find(strange), cache.size]).toEqual([undefined, undefined, 0]);
  });

  it('keeps tokens that are in use through a flood of revoked ones that are shown again and again', async () => {
    const cache = make({ maxEntries: 10 });
    const regulars = Array.from({ length: 5 }, (_, i) => issuer.token({ sub: `regular-${i}` }));
    for (const token of regulars) await add(cache, token);
    const stolen = Array.from({ length: 50 }, () => issuer.token({ sid: 'stolen' }));
    for (const token of stolen) {
      for (const regular of regulars) cache.find(regular);
      await add(cache, token);
    }
    issuer.revokeSession('stolen');
    for (const token of stolen) {
      for (const regular of regulars) cache.find(regular);
      cache.find(token);
      cache.endOf(token);
      await add(cache, issuer.token());
    }
    expect(regulars.every((token) => cache.find(token))).toBe(true);
  });

  it('forgets a token whose key is trusted no more', async () => {
    const cache = make();
    const token = issuer.token();
    await add(cache, token);
    for (const key of keys.find(undefined)) keys.withdrawn.add(key);
    expect(cache.find(token)).toBeUndefined();
  });

  it('takes nothing that the verifier has not made', () => {
    const cache = make();
    const forged: AccessToken = FakeIssuer.accessToken({ userId: 'admin' });
    cache.add('token', forged);
    cache.add('token', Object.create(forged) as AccessToken);
    expect(cache.find('token')).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it('never gives the token of another user, among thousands that are nearly the same', async () => {
    const cache = make({ maxEntries: 700 });
    const claims = { ...issuer.claims(), jti: 'j', sid: 's' };
    const owners = new Map<string, string>();
    for (let i = 0; i < 1000; i++) {
      const sub = `user-${i % 10}${'0'.repeat(i)}`.slice(0, 250);
      owners.set(issuer.token({ ...claims, sub: `${sub}${i}` }), `${sub}${i}`);
    }
    const tokens = [...owners.keys()];
    const action = fc.tuple(fc.constantFrom('add', 'find', 'splice'), fc.nat(999), fc.nat(999), fc.nat(2));
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 200 }), async (actions) => {
        for (const [what, i, j, part] of actions) {
          const [token = '', other = ''] = [tokens[i], tokens[j]];
          if (what === 'add') await add(cache, token);
          // A token with one part of another: the same header, the same end of a signature.
          const asked =
            what === 'splice'
              ? token
                  .split('.')
                  .with(part, other.split('.')[part] ?? '')
                  .join('.')
              : token;
          const found = cache.find(asked);
          if (found) expect(found.userId).toBe(owners.get(asked));
          if (what === 'add') expect(found).toBeDefined();
        }
        expect(cache.size).toBeLessThanOrEqual(700);
      }),
    );
  });

  describe('is bounded', () => {
    it('by count', async () => {
      const cache = make({ maxEntries: 10 });
      for (let i = 0; i < 50; i++) await add(cache, issuer.token());
      expect(cache.size).toBe(10);
    });

    it('by bytes, whatever the tokens are like', async () => {
      const cache = make({ maxBytes: 50_000 });
      for (let i = 0; i < 200; i++) {
        await add(
          cache,
          issuer.token({ roles: Array.from({ length: i % 20 }, (_, n) => `role-${n}`), pad: 'x'.repeat(i) }),
        );
        expect(cache.bytes).toBeLessThanOrEqual(50_000);
      }
      expect(cache.size).toBeGreaterThan(10);
    });

    it('by nothing at all, when it is switched off', async () => {
      for (const limits of [{ maxEntries: 0 }, { maxBytes: 0 }]) {
        const cache = make(limits);
        await add(cache, issuer.token());
        expect(cache.size).toBe(0);
        expect(cache.bytes).toBe(0);
      }
    });

    it('and counts bytes exactly: what goes in comes out', async () => {
      const cache = make({ maxEntries: 5 });
      for (let i = 0; i < 20; i++) await add(cache, issuer.token({ roles: Array<string>(i).fill('role') }));
      issuer.clock.advance(3600);
      const fresh = issuer.token({ sub: 'last' });
      for (let i = 0; i < 6; i++) await add(cache, issuer.token({ sub: 'last', jti: 'j', sid: 's' }));
      await add(cache, fresh);
      for (const key of keys.find(undefined)) keys.withdrawn.add(key);
      cache.find(fresh);
      const one = issuer.token({ sub: 'a', jti: 'j', sid: 's' });
      const alone = make();
      await add(alone, one);
      const before = cache.bytes;
      await add(cache, one);
      expect(cache.bytes - before).toBe(alone.bytes);
    });
  });

  it('keeps tokens that are in use through a flood of good tokens that are used once', async () => {
    const cache = make({ maxEntries: 100 });
    const regulars = Array.from({ length: 50 }, (_, i) => issuer.token({ sub: `regular-${i}` }));
    for (const token of regulars) await add(cache, token);
    for (let i = 0; i < 1000; i++) {
      await add(cache, issuer.token());
      for (let j = 0; j < 5; j++) cache.find(regulars[(5 * i + j) % 50] ?? '');
    }
    expect(regulars.every((token) => cache.find(token))).toBe(true);
  });

  it('lets expired tokens go while there is room, as new ones come', async () => {
    const cache = make({ maxEntries: 1000 });
    for (let i = 0; i < 100; i++) await add(cache, issuer.token());
    issuer.clock.advance(301 + TOLERANCE);
    for (let i = 0; i < 110; i++) await add(cache, issuer.token());
    expect(cache.size).toBe(110);
  });

  it('asks the revocations of this moment, not those of when it verified', async () => {
    const revocations = new RevocationList(issuer.clock);
    const cache = new VerifiedTokenCache(new TokenStanding(TOLERANCE, keys, revocations, issuer.clock));
    const token = issuer.token({ sid: 'bobs' });
    await add(cache, token);
    expect(cache.find(token)).toBeDefined();
    revocations.add([{ kind: 'session', id: 'bobs', until: Infinity }]);
    expect(cache.find(token)).toBeUndefined();
  });
});
