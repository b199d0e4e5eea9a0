import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { AccessToken } from '../access-token.js';
import { FeedServer, TestClock } from '../testing/index.js';
import { RevocationFeedClient } from './revocation-feed.client.js';

const KEY = 'k'.repeat(32);
const UNTIL = Math.floor(Date.now() / 1000) + 300;
const token = (sessionId: string) => ({ sessionId, userId: 'ada', issuedAt: 0 }) as AccessToken;
const write = (name: 'snapshot' | 'revoked', ...ids: string[]) =>
  FeedServer.event(name, ...ids.map((id) => ({ kind: 'session' as const, id, until: UNTIL })));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5);
}

describe('RevocationFeedClient', () => {
  let feed: FeedServer;
  let reports: string[];
  const clients: RevocationFeedClient[] = [];
  beforeEach(async () => {
    feed = await FeedServer.start();
    feed.answer = () => {};
    reports = [];
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.stop();
    await feed.cut();
  });

  function follow(...urls: string[]): RevocationFeedClient {
    const client = new RevocationFeedClient({
      urls,
      key: KEY,
      report: (level, change) => reports.push(`${level}: ${change}`),
    });
    clients.push(client);
    client.start();
    return client;
  }

  it('sends its key, takes the snapshot, then every revocation as it comes', async () => {
    feed.answer = (response) => response.write(`retry: 1000\n\n${write('snapshot', 'before')}`);
    const client = follow(feed.url);
    expect([client.isConnected, client.age()]).toEqual([false, Infinity]);
    await until(() => client.isConnected);
    expect(feed.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect([client.isRevoked(token('before')), client.isRevoked(token('later'))]).toEqual([true, false]);
    expect(client.age()).toBeLessThan(5);

    feed.send(write('revoked', 'later'));
    await until(() => client.isRevoked(token('later')));
    expect(client.size).toBe(2);
  });

  it('names the kinds that it understands, and passes over one of tomorrow', async () => {
    const revocations = [
      { kind: 'device', serial: 7 },
      { kind: 'session', id: 'ended', until: UNTIL },
    ];
    feed.answer = (response) =>
      response.write(`event: snapshot\ndata: ${JSON.stringify({ revocations })}\n\n`);
    const client = follow(feed.url);
    await until(() => client.isConnected);
    const kinds = 'session,user,key,client,stale-user,stale-role,token';
    expect(feed.requests[0]?.url).toContain(`/revocations?kinds=${kinds}&`);
    expect([client.size, client.isRevoked(token('ended'))]).toEqual([1, true]);
    const other = follow(`${feed.url}?zone=a`);
    await until(() => other.isConnected);
    expect(feed.requests[1]?.url).toMatch(/\?zone=a&kinds=session,/);
  });

  it('knows no more than the replica that it follows', async () => {
    feed.answer = (response) => response.write(write('snapshot'));
    const client = follow(feed.url);
    await until(() => client.isConnected);
    feed.send(': beat 4.125\n\n');
    await until(() => client.age() > 4);
    expect(client.age()).toBeLessThan(9);
    feed.send(': beat\n\n');
    await until(() => client.age() < 4);
  });

  it.each([':\n\n', ': keep-alive\n\n', '\n', 'event: ping\ndata: {}\n\n'])(
    'takes no sign of life of a proxy for one of auth: %j',
    async (sign) => {
      feed.answer = (response) => response.write(`${write('snapshot')}: beat 0.100\n\n`);
      const client = follow(feed.url);
      await until(() => client.isConnected);
      let age = 0;
      for (; feed.requests.length < 2; await delay(200)) {
        feed.send(sign);
        age = Math.max(age, client.age());
      }
      expect(age).toBeGreaterThan(3);
      expect(reports.join()).toContain('disconnected (silent)');
    },
  );

  it('asks for no stream twice, so that no cache on the way can repeat an old one', async () => {
    const recorded = new Map<string | undefined, string>();
    const old = write('snapshot', 'before');
    feed.answer = (response, { url }) => {
      // Whatever a follower is answered, the next one of the same URL is answered too.
      response.end(recorded.get(url) ?? (recorded.size === 0 ? old : write('snapshot', 'before', 'after')));
      recorded.set(url, old);
    };
    const client = follow(feed.url);
    await until(() => feed.requests.length === 3);
    expect(client.isRevoked(token('after'))).toBe(true);
  });

  it('tells of revoked keys, and of nothing else, so that keys are fetched before they are asked for', async () => {
    feed.answer = (response) => response.write(write('snapshot', 'session'));
    const client = follow(feed.url);
    let told = 0;
    client.onKeyRevoked(() => told++);
    await until(() => client.isConnected);
    const key = { kind: 'key', id: 'stolen', until: UNTIL };
    feed.send(`event: revoked\ndata: ${JSON.stringify({ revocations: [key] })}\n\n`);
    await until(() => told > 0);
    feed.send(write('revoked', 'another'));
    await until(() => client.isRevoked(token('another')));
    expect(told).toBe(1);
  });

  it('understands events however the network cuts them', async () => {
    feed.answer = (response) => response.writeHead(200).flushHeaders();
    const client = follow(feed.url);
    await until(() => feed.requests.length === 1);
    for (const byte of Buffer.from(write('snapshot', 'ended-é'))) {
      feed.send(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await until(() => client.isConnected);
    expect(client.size).toBe(1);
  });

  it('takes a snapshot in several events, and is in step only after the last', async () => {
    feed.answer = (response) => response.write(write('revoked', 'first'));
    const client = follow(feed.url);
    await until(() => client.isRevoked(token('first')));
    expect([client.isConnected, client.age()]).toEqual([false, Infinity]);
    feed.send(write('snapshot', 'last'));
    await until(() => client.isConnected);
    expect([client.size, client.isRevoked(token('last'))]).toEqual([2, true]);
  });

  it('takes more in all than one event may be long', async () => {
    const ids = (from: number) => Array.from({ length: 50_000 }, (_, i) => `${from}-${i}`.padEnd(80, 'x'));
    feed.answer = (response) => {
      for (const from of [1, 2, 3]) response.write(write('revoked', ...ids(from)));
      response.write(write('snapshot'));
    };
    const client = follow(feed.url);
    await until(() => client.isConnected);
    expect(client.size).toBe(150_000);
  });

  it('does not take a long event that comes slowly for silence', async () => {
    feed.answer = (response) => response.writeHead(200).flushHeaders();
    const client = follow(feed.url);
    await until(() => feed.requests.length === 1);
    const text = write('snapshot', 'slow');
    for (let part = 0; part < 6; part++) {
      feed.send(text.slice(part * 10, part === 5 ? undefined : part * 10 + 10));
      await delay(1000);
    }
    await until(() => client.isConnected);
    expect(feed.requests).toHaveLength(1);
  });

  it('comes back after a cut and learns what it has missed, and forgets nothing meanwhile', async () => {
    feed.answer = (response) => response.write(write('snapshot', 'first'));
    const client = follow(feed.url);
    await until(() => client.isConnected);
    const { port } = feed;
    await feed.cut();
    await until(() => !client.isConnected);
    expect(client.isRevoked(token('first'))).toBe(true);

    feed = await FeedServer.start(port);
    feed.answer = (response) => response.write(write('snapshot', 'first', 'missed'));
    await until(() => client.isConnected);
    expect(client.isRevoked(token('missed'))).toBe(true);
    expect(reports).toEqual([
      'log: Revocation feed connected',
      expect.stringMatching(/^log: Revocation feed disconnected /),
      'log: Revocation feed connected',
    ]);
  });

  it('goes to another replica when one is away', async () => {
    const away = await FeedServer.start();
    await away.cut();
    feed.answer = (response) => response.write(write('snapshot', 'ended'));
    const client = follow(`http://127.0.0.1:1/revocations`, feed.url);
    await until(() => client.isConnected);
    expect(client.isRevoked(token('ended'))).toBe(true);
  });

  it('leaves a replica that has gone silent without a word', async () => {
    feed.answer = (response) => response.write(write('snapshot'));
    const client = follow(feed.url);
    await until(() => client.isConnected);
    await until(() => feed.requests.length === 2);
    expect(reports.join()).toContain('disconnected (silent): auth at http://127.0.0.1');
  });

  it('stays with a replica that shows signs of life', async () => {
    feed.answer = (response) => response.write(write('snapshot'));
    const client = follow(feed.url);
    await until(() => client.isConnected);
    for (let beats = 0; beats < 12; beats++) {
      await delay(500);
      feed.send(': beat\n\n');
    }
    expect(feed.requests).toHaveLength(1);
    expect(client.age()).toBeLessThan(5);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['a refusal', (response) => response.writeHead(401).end()],
    [
      'a redirect to somebody else',
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    [
      'a revocation that says nothing',
      (response) => response.write('event: snapshot\ndata: {"revocations":[{"kind":"user"}]}\n\n'),
    ],
    ['bytes that are no text', (response) => response.write(Buffer.from([0xff, 0xfe, 0x0a, 0x0a]))],
    ['live events without a snapshot', (response) => response.write(write('revoked', 'a'))],
  ])('is not connected after %s', async (_case, answer) => {
    feed.answer = answer;
    const client = follow(feed.url);
    await until(() => feed.requests.length >= 1);
    await delay(50);
    expect([client.isConnected, client.age()]).toEqual([false, Infinity]);
  });

  describe('says why there is no feed and what to do, and counts it', () => {
    it.each<[string, (response: ServerResponse) => void, string, RegExp]>([
      [
        'another key',
        (response) => response.writeHead(401).end(),
        'unauthorized',
        /^warn: Revocation feed disconnected \(401\): REVOCATION_FEED_KEY differs from auth's$/,
      ],
      [
        'a place where no feed is',
        (response) => response.writeHead(404).end(),
        'not_found',
        /^warn: .* \(404\): AUTH_URL or REVOCATION_FEED_URL does not lead to auth, but to http:/,
      ],
      [
        'a redirect',
        (response) => response.writeHead(302, { location: '/login' }).end(),
        'not_found',
        /^warn: .* \(redirect\): AUTH_URL or REVOCATION_FEED_URL does not lead to auth/,
      ],
      [
        'nonsense',
        (response) => response.end(`event: snapshot\ndata: <html>\n\n`),
        'not_a_feed',
        /^warn: .*: AUTH_URL or REVOCATION_FEED_URL does not lead to auth/,
      ],
      [
        'a page that never ends',
        (response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).write('<html>'),
        'not_a_feed',
        /^warn: .* \(text\/html\): AUTH_URL or REVOCATION_FEED_URL does not lead to auth/,
      ],
      [
        'a replica that is not ready',
        (response) => response.writeHead(503).end(),
        'unavailable',
        /^log: .* \(503\): auth at http:.* cannot serve it right now$/,
      ],
    ])('%s', async (_, answer, reason, line) => {
      feed.answer = answer;
      const client = follow(feed.url);
      await until(() => reports.length > 0);
      expect(reports[0]).toMatch(line);
      expect(reports.join()).not.toContain(KEY);
      expect(client.faults).toMatchObject({ [reason]: expect.any(Number) });
      expect(client.faults[reason as 'silent']).toBeGreaterThan(0);
      expect(client.describe()).toEqual({
        connected: false,
        ageSeconds: null,
        fault: reports[0]?.replace(/^\w+: /, ''),
      });
    });

    it('nothing that answers, first as a start that takes its time, then as something to look at', async () => {
      const away = await FeedServer.start();
      const { url } = away;
      await away.cut();
      const clock = new TestClock();
      const client = new RevocationFeedClient({
        urls: [url],
        key: KEY,
        clock,
        report: (level, change) => reports.push(`${level}: ${change}`),
      });
      clients.push(client);
      client.start();
      await until(() => client.faults.unreachable > 0);
      clock.advance(6);
      await until(() => reports.length > 1);
      const line =
        /: Revocation feed disconnected \(ECONNREFUSED\): http:\S+ cannot be reached; is auth running, and is AUTH_URL/;
      expect(reports).toEqual([expect.stringMatching(/^log/), expect.stringMatching(/^warn/)]);
      for (const report of reports) expect(report).toMatch(line);
    });
  });

  it('fetches the way that it is told', async () => {
    const asked: unknown[] = [];
    feed.answer = (response) => response.write(write('snapshot'));
    const client = new RevocationFeedClient({
      urls: ['http://auth.internal/revocations'],
      key: KEY,
      fetch: (url, init) => {
        asked.push(url);
        return fetch(feed.url, init);
      },
    });
    clients.push(client);
    client.start();
    await client.known;
    expect(asked).toEqual([expect.stringMatching(/^http:\/\/auth\.internal\/revocations\?kinds=/)]);
  });

  it('stops asking when it is told to stop', async () => {
    feed.answer = (response) => response.writeHead(503).end();
    const client = follow(feed.url);
    await until(() => feed.requests.length >= 1);
    client.stop();
    await delay(300);
    const asked = feed.requests.length;
    await delay(500);
    expect(feed.requests).toHaveLength(asked);
  });
});
