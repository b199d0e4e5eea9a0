import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { AccessToken } from '../access-token.js';
import { RevocationFeedClient } from './revocation-feed.client.js';

const KEY = 'k'.repeat(32);
const UNTIL = Math.floor(Date.now() / 1000) + 300;
const token = (sessionId: string) => ({ sessionId, userId: 'ada', issuedAt: 0 }) as AccessToken;
const write = (name: string, ...ids: string[]) =>
  `event: ${name}\ndata: ${JSON.stringify({ revocations: ids.map((id) => ({ kind: 'session', id, until: UNTIL })) })}\n\n`;

/** An auth replica's feed, real HTTP on loopback; each test says what it answers. */
class Feed {
  readonly requests: IncomingMessage[] = [];
  readonly #open = new Set<ServerResponse>();
  answer: (response: ServerResponse) => void = () => {};

  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<Feed> {
    const server = createServer();
    const feed = new Feed(server);
    server.on('request', (request, response) => {
      feed.requests.push(request);
      feed.#open.add(response);
      response.on('close', () => feed.#open.delete(response));
      feed.answer(response);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return feed;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/revocations`;
  }

  send(text: string | Uint8Array): void {
    for (const response of this.#open) response.write(text);
  }

  /** As when a replica is killed. */
  async cut(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5);
}

describe('RevocationFeedClient', () => {
  let feed: Feed;
  let reports: string[];
  const clients: RevocationFeedClient[] = [];
  beforeEach(async () => {
    feed = await Feed.start();
    reports = [];
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.stop();
    await feed.cut();
  });

  function follow(...urls: string[]): RevocationFeedClient {
    const client = new RevocationFeedClient({ urls, key: KEY, report: (change) => reports.push(change) });
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
    expect(feed.requests[0]?.url).toBe('/revocations?kinds=session,user,key,client,stale-user,stale-role');
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

  it('comes back after a cut and learns what it has missed, and forgets nothing meanwhile', async () => {
    feed.answer = (response) => response.write(write('snapshot', 'first'));
    const client = follow(feed.url);
    await until(() => client.isConnected);
    const { port } = feed;
    await feed.cut();
    await until(() => !client.isConnected);
    expect(client.isRevoked(token('first'))).toBe(true);

    feed = await Feed.start(port);
    feed.answer = (response) => response.write(write('snapshot', 'first', 'missed'));
    await until(() => client.isConnected);
    expect(client.isRevoked(token('missed'))).toBe(true);
    expect(reports).toEqual([
      'the revocation feed is connected',
      expect.stringMatching(/^the revocation feed at .* is away: /),
      'the revocation feed is connected',
    ]);
  });

  it('goes to another replica when one is away', async () => {
    const away = await Feed.start();
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
    expect(reports.join()).toContain('it has gone silent');
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
