import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeIssuer, SigningKey } from '../testing/index.js';
import { AccessTokenVerifier } from '../access-token.verifier.js';
import { TokenStanding } from '../token-standing.js';
import { VerifiedTokenCache } from '../verified-token.cache.js';
import { JwksSource, type JwksSourceOptions } from './jwks.source.js';

const unavailable = { name: 'KeysUnavailable' };
const unknownKey = { name: 'TokenRejected', reason: 'unknown_key' };

/** Waits for something that happens in the background. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await sleep(10);
  expect(condition()).toBe(true);
}

describe('a source of public keys', () => {
  let issuer: FakeIssuer;
  let source: JwksSource;
  let verifier: AccessTokenVerifier;
  let reports: string[];

  function use(options: Partial<JwksSourceOptions> = {}): void {
    source?.stop();
    const report = (problem: string) => reports.push(problem);
    source = new JwksSource({
      url: issuer.jwks.url,
      algorithm: 'ES256',
      clock: issuer.clock,
      report,
      ...options,
    });
    verifier = new AccessTokenVerifier(issuer.verifierOptions(), source, issuer.revocations, issuer.clock);
  }
  beforeEach(async () => {
    issuer = await FakeIssuer.start({ algorithm: 'ES256' });
    reports = [];
    use();
  });
  afterEach(async () => {
    source.stop();
    await issuer.stop();
  });

  const verify = (token = issuer.token({ sub: 'alice' })) => verifier.verify(token);
  const answer = (listener: RequestListener) => (issuer.jwks.answer = listener);
  const answerKeys = (keys: unknown) => answer((_, response) => response.end(JSON.stringify({ keys })));

  describe('when it starts', () => {
    it('fetches the set once, for however many requests come first', async () => {
      source.start();
      const tokens = await Promise.all(Array.from({ length: 50 }, () => verify()));
      expect(tokens.map(({ userId }) => userId)).toEqual(Array(50).fill('alice'));
      expect(issuer.jwks.requests).toBe(1);
    });

    it('neither fails nor waits while auth is down, and recovers by itself', async () => {
      issuer.jwks.outage = true;
      source.start();
      await expect(verify()).rejects.toMatchObject({ ...unavailable, retryAfter: expect.any(Number) });
      issuer.jwks.outage = false;
      await until(() => source.isAvailable);
      await expect(verify()).resolves.toMatchObject({ userId: 'alice' });
    });

    it('says nothing of an auth that is only a little later, and all of one that does not come', async () => {
      issuer.jwks.outage = true;
      source.start();
      await until(() => issuer.jwks.requests > 0);
      await source.refresh();
      expect(reports).toEqual([]);
      issuer.clock.advance(5);
      await source.refresh();
      expect(reports).toEqual([expect.stringContaining('could not be fetched')]);
    });

    it('refuses what is malformed, expired or meant for others without asking anybody', async () => {
      issuer.jwks.outage = true;
      const [header, payload] = issuer.token().split('.');
      const junk = [
        'x',
        `${header}.${payload}.`,
        issuer.expiredToken(),
        issuer.token({ aud: 'x' }),
        issuer.token({}, { kid: 1 }),
      ];
      for (const token of junk) await expect(verify(token)).rejects.toMatchObject({ name: 'TokenRejected' });
      expect(issuer.jwks.requests).toBe(0);
    });
  });

  describe('behind a cache', () => {
    let cached: string | undefined;
    /** Answers from what it has, unless it is told to ask the issuer. */
    beforeEach(() => {
      cached = undefined;
      answer(({ headers }, response) => {
        const isForced = headers['cache-control'] === 'no-cache';
        if (isForced || cached === undefined)
          cached = JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) });
        response.setHeader('cache-control', 'max-age=3600').end(cached);
      });
    });

    it('finds the key that follows a revoked one at once', async () => {
      await source.refresh();
      issuer.rotate();
      await source.refresh();
      await expect(verify()).resolves.toMatchObject({ userId: 'alice' });
    });

    it('finds the key of an unknown kid at once', async () => {
      await source.refresh();
      issuer.rotate();
      await expect(verify()).resolves.toMatchObject({ userId: 'alice' });
    });

    it('does not take what a routine fetch brings for an answer to that', async () => {
      const waiting: (() => void)[] = [];
      await source.refresh();
      issuer.jwks.maxAge = 1;
      const asked: unknown[] = [];
      answer(({ headers }, response) => {
        asked.push(headers['cache-control']);
        const keys = issuer.keys.map(({ jwk }) => jwk);
        const send = () => response.setHeader('cache-control', 'max-age=1').end(JSON.stringify({ keys }));
        // The routine one is slow.
        if (headers['cache-control'] === 'no-cache' || asked.length < 2) send();
        else waiting.push(send);
      });
      await source.refresh();
      await until(() => waiting.length > 0);
      issuer.rotate();
      const refreshed = source.refresh();
      for (const send of waiting.splice(0)) send();
      await refreshed;
      await expect(verify()).resolves.toMatchObject({ userId: 'alice' });
      expect(asked).toEqual(['no-cache', undefined, 'no-cache']);
    });
  });

  describe('behind a cache that answers whatever it is asked, as those of most content networks', () => {
    let cache: Map<string, [body: string, at: number]>;
    /** Keeps what it has fetched for an hour, by URL, and says how old it is (RFC 9111 §5.1). */
    beforeEach(async () => {
      cache = new Map();
      answer(({ url = '' }, response) => {
        const now = issuer.clock.now();
        const kept = cache.get(url) ?? [JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) }), now];
        cache.set(url, kept);
        const age = Math.floor((now - kept[1]) / 1000);
        response.writeHead(200, { 'cache-control': 'max-age=3600', ...(age > 0 && { age: String(age) }) });
        response.end(kept[0]);
      });
      await source.refresh();
      issuer.clock.advance(60);
      issuer.rotate();
    });

    it('finds the key that follows a revoked one at once', async () => {
      await source.refresh();
      await expect(verify()).resolves.toMatchObject({ userId: 'alice' });
    });

    it('finds the key of an unknown kid at once, and no older answer takes it away again', async () => {
      const token = issuer.token({ sub: 'alice' });
      await expect(verify(token)).resolves.toMatchObject({ userId: 'alice' });
      const [path] = cache.keys();
      answer(({ url = '' }, response) => {
        if (url !== path) return response.writeHead(400).end();
        return response
          .writeHead(200, { 'cache-control': 'max-age=3600', age: '60' })
          .end(cache.get(url)?.[0]);
      });
      await source.refresh();
      expect(source.age()).toBe(0);
      await expect(verify(token)).resolves.toMatchObject({ userId: 'alice' });
    });
  });

  describe('when a kid is unknown', () => {
    beforeEach(() => source.refresh());

    it('fetches the set once more and finds the key of a rotation', async () => {
      issuer.rotate();
      await expect(verify()).resolves.toMatchObject({ userId: 'alice' });
      expect(issuer.jwks.requests).toBe(2);
    });

    it('fetches at most once in each cool-down', async () => {
      for (let i = 0; i < 20; i++) {
        await expect(verify(issuer.token({}, { kid: `junk-${i}` }))).rejects.toMatchObject(unknownKey);
      }
      expect(issuer.jwks.requests).toBe(2);
      issuer.clock.advance(29);
      await expect(verify(issuer.token({}, { kid: 'junk' }))).rejects.toMatchObject(unknownKey);
      expect(issuer.jwks.requests).toBe(2);
      issuer.clock.advance(1);
      await expect(verify(issuer.token({}, { kid: 'junk' }))).rejects.toMatchObject(unknownKey);
      expect(issuer.jwks.requests).toBe(3);
    });

    it('lets no flood of them hold up tokens whose key is known', async () => {
      answer(() => {}); // never answers
      const flood = Array.from({ length: 200 }, (_, i) => verify(issuer.token({}, { kid: `junk-${i}` })));
      const settled = Promise.allSettled(flood);
      for (let i = 0; i < 20; i++) await expect(verify()).resolves.toMatchObject({ userId: 'alice' });
      await until(() => issuer.jwks.requests === 2);
      source.stop();
      const outcomes = await settled;
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
      expect(issuer.jwks.requests).toBe(2);
    });

    it('refuses a token without kid where there is a choice of keys, and takes it where there is none', async () => {
      await expect(verify(issuer.token({}, { kid: undefined }))).resolves.toBeDefined();
      issuer.rotate();
      await source.refresh();
      await expect(verify(issuer.token({}, { kid: undefined }))).rejects.toMatchObject(unknownKey);
    });
  });

  describe('during an outage of auth', () => {
    beforeEach(() => source.refresh());

    it('uses the last known keys up to the hard limit, then refuses everything, cached tokens too', async () => {
      const cache = new VerifiedTokenCache(new TokenStanding(5, source, issuer.revocations, issuer.clock));
      issuer.jwks.outage = true;
      await source.refresh();
      issuer.clock.advance(3600);
      const token = issuer.token({ sub: 'alice' });
      cache.add(token, await verify(token));
      expect(cache.find(token)).toBeDefined();
      issuer.clock.advance(1);
      expect(cache.find(token)).toBeUndefined();
      await expect(verify(token)).rejects.toMatchObject(unavailable);
    });

    it('is not deceived by a cache that goes on answering', async () => {
      const token = issuer.token({ sub: 'alice', exp: issuer.clock.now() / 1000 + 3600 });
      await verify(token);
      const answers = (age: number) =>
        answer((_, response) =>
          response
            .writeHead(200, { 'cache-control': 'max-age=300', age: String(age) })
            .end(JSON.stringify({ keys: issuer.keys.map((key) => key.jwk) })),
        );
      answers(300 + 3500);
      issuer.clock.advance(3500);
      await source.refresh();
      await expect(verify(token)).resolves.toMatchObject({ userId: 'alice' });
      answers(300 + 3601);
      issuer.clock.advance(101);
      await source.refresh();
      expect(source.age()).toBe(3601);
      await expect(verify(issuer.token())).rejects.toMatchObject(unavailable);
      answers(299);
      await source.refresh();
      await expect(verify(issuer.token({ sub: 'alice' }))).resolves.toMatchObject({ userId: 'alice' });
    });

    it.each(['public', 'max-age=60, s-maxage=86400'])(
      'lets a cache hold the set with %s',
      async (control) => {
        const body = JSON.stringify({ keys: issuer.keys.map((key) => key.jwk) });
        answer((_, response) =>
          response.writeHead(200, { 'cache-control': control, age: '80000' }).end(body),
        );
        issuer.clock.advance(3601);
        await source.refresh();
        expect([source.age(), source.isAvailable]).toEqual([0, true]);
      },
    );

    it('asks past a cache that holds the set for longer than it says', async () => {
      let asked = 0;
      answer((request, response) => {
        const isOwn = request.url?.includes('asked=') ?? false;
        if (isOwn) asked++;
        response
          .writeHead(200, { 'cache-control': 'max-age=1', age: isOwn ? '0' : '9000' })
          .end(JSON.stringify({ keys: issuer.keys.map((key) => key.jwk) }));
      });
      source.start();
      // At first, and when the set is fetched again by itself.
      await until(() => asked >= 2);
      await expect(verify()).resolves.toMatchObject({ userId: 'alice' });
    });

    it('forgets no newer key because of a cache that has held its set for too long', async () => {
      const old = JSON.stringify({ keys: issuer.keys.map((key) => key.jwk) });
      issuer.rotate();
      await source.refresh();
      const token = issuer.token({ sub: 'alice' });
      const headers = { 'cache-control': 'max-age=300', age: '301' };
      answer((_, response) => response.writeHead(200, headers).end(old));
      await source.refresh();
      await expect(verify(token)).resolves.toMatchObject({ userId: 'alice' });
    });

    it('is back with the first set that it gets, and trusts the same keys as before', async () => {
      const token = issuer.token({ iat: issuer.clock.now() / 1000, exp: issuer.clock.now() / 1000 + 3600 });
      const cache = new VerifiedTokenCache(new TokenStanding(5, source, issuer.revocations, issuer.clock));
      cache.add(token, await verify(token));
      issuer.jwks.outage = true;
      issuer.clock.advance(3599);
      await source.refresh();
      issuer.jwks.outage = false;
      await source.refresh();
      issuer.clock.advance(2);
      expect(cache.find(token)).toBeDefined();
    });

    it('says so once, not with every attempt', async () => {
      issuer.jwks.outage = true;
      for (let i = 0; i < 5; i++) await source.refresh();
      expect(reports).toHaveLength(1);
    });
  });

  describe('refuses as an answer', () => {
    beforeEach(() => source.refresh());

    const redirect: RequestListener = (_, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end();
    it.each<[string, RequestListener]>([
      ['a redirect', redirect],
      ['status 500', (_, response) => response.writeHead(500).end('{"keys":[]}')],
      ['status 404', (_, response) => response.writeHead(404).end('{"keys":[]}')],
      ['status 204', (_, response) => response.writeHead(204).end()],
      ['HTML', (_, response) => response.end('<html></html>')],
      ['an empty body', (_, response) => response.end()],
      ['an array', (_, response) => response.end('[]')],
      ['no keys', (_, response) => response.end('{}')],
      ['keys that are no array', (_, response) => response.end('{"keys":{}}')],
      ['keys twice', (_, response) => response.end('{"keys":[],"keys":[]}')],
      [
        'more than 64 KiB',
        (_, response) => response.end(JSON.stringify({ keys: [], pad: 'x'.repeat(65_536) })),
      ],
      ['half an answer', (request, response) => response.write('{"keys":', () => request.socket.destroy())],
      ['no HTTP', (request) => request.socket.end('hello\r\n\r\n')],
    ])('%s, and keeps the last known keys', async (_, listener) => {
      answer(listener);
      await source.refresh();
      expect(reports).toHaveLength(1);
      await expect(verify()).resolves.toMatchObject({ userId: 'alice' });
    });

    it('one that goes on for ever, without reading it', async () => {
      answer((_, response) => {
        const pour = () => {
          if (!response.destroyed) response.write('x'.repeat(16_384), () => setImmediate(pour));
        };
        pour();
      });
      await source.refresh();
      expect(reports).toEqual([expect.stringContaining('longer than 65536 bytes')]);
    });

    it('one that does not come in time', async () => {
      use({ timeout: 0.05 });
      answer(() => {});
      await source.refresh();
      expect(reports).toEqual([expect.stringContaining('could not be fetched')]);
    });
  });

  describe('refuses a key', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const good = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'ES256', use: 'sig' };
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
    it.each<[string, unknown]>([
      ['without alg', { ...good, alg: undefined }],
      ['of another alg', { ...good, alg: 'ES384' }],
      ['of alg none', { ...good, alg: 'none' }],
      ['with private members', { ...pair.privateKey.export({ format: 'jwk' }), kid: 'a', alg: 'ES256' }],
      ['for encryption', { ...good, use: 'enc' }],
      ['whose use is odd', { ...good, use: null }],
      ['for other operations', { ...good, key_ops: ['encrypt'] }],
      ['whose operations are odd', { ...good, key_ops: 'verify' }],
      ['that is symmetric', { kty: 'oct', k: 'A'.repeat(43), kid: 'a', alg: 'HS256' }],
      ['that is symmetric and says otherwise', { kty: 'oct', k: 'A'.repeat(43), kid: 'a', alg: 'ES256' }],
      ['on another curve', { ...p384, kid: 'a', alg: 'ES256' }],
      ['off its curve', { ...good, x: good.y }],
      ['of another type than its alg', { ...new SigningKey('RS256', 'a').jwk, alg: 'ES256' }],
      ['whose kid is a number', { ...good, kid: 1 }],
      ['whose kid is empty', { ...good, kid: '' }],
      ['that is null', null],
      ['that is a string', 'key'],
      ['that is an array', [good]],
    ])('%s, and takes the good one beside it', async (_, bad) => {
      const { jwk } = issuer.key;
      answerKeys([bad, jwk]);
      await source.refresh();
      expect(source.find('a')).toEqual([]);
      expect(reports).toEqual([expect.stringContaining('a key is not used')]);
      await expect(verify()).resolves.toBeDefined();
    });

    it('that shares its kid with one before it', async () => {
      answerKeys([issuer.key.jwk, { ...good, kid: issuer.key.kid }]);
      await source.refresh();
      expect(source.find(issuer.key.kid)).toHaveLength(1);
      await expect(verify()).resolves.toBeDefined();
    });

    it('but takes one that says more about itself than it must', async () => {
      answerKeys([{ ...good, key_ops: ['verify'], x5t: 'x', 'x-note': 1, iat: 1 }]);
      await source.refresh();
      expect(source.find('a')).toHaveLength(1);
    });
  });

  describe('follows the set', () => {
    it('so that a key which has left it verifies nothing more, cached tokens included', async () => {
      await source.refresh();
      const cache = new VerifiedTokenCache(new TokenStanding(5, source, issuer.revocations, issuer.clock));
      const token = issuer.token();
      cache.add(token, await verify(token));
      const { kid } = issuer.key;
      issuer.rotate();
      await source.refresh();
      expect(cache.find(token)).toBeDefined();
      issuer.withdraw(kid);
      await source.refresh();
      expect(cache.find(token)).toBeUndefined();
      await expect(verify(token)).rejects.toMatchObject(unknownKey);
      await expect(verify()).resolves.toBeDefined();
    });

    it('so that a kid which now names another key does not vouch for the old one', async () => {
      await source.refresh();
      const token = issuer.token();
      const { kid } = issuer.key;
      issuer.key = new SigningKey('ES256', kid);
      issuer.keys = [issuer.key];
      await source.refresh();
      await expect(verify(token)).rejects.toMatchObject({ reason: 'signature' });
      await expect(verify()).resolves.toBeDefined();
    });

    it('so that an emptied set leaves nothing trusted', async () => {
      await source.refresh();
      issuer.keys = [];
      await source.refresh();
      await expect(verify()).rejects.toMatchObject(unknownKey);
    });

    it('in the background, before max-age has passed, without any request', async () => {
      issuer.jwks.maxAge = 1;
      source.start();
      await until(() => issuer.jwks.requests >= 3);
      expect(source.isAvailable).toBe(true);
    });

    it('no more once it is stopped', async () => {
      issuer.jwks.maxAge = 1;
      source.start();
      await source.refresh();
      source.stop();
      const { requests } = issuer.jwks;
      await sleep(1200);
      expect(issuer.jwks.requests).toBe(requests);
    });
  });
});
