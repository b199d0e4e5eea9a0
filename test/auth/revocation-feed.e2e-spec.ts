import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { FalseClock } from '../support/clock.js';
import { PASSWORD } from '../support/deployment.js';
import { FeedFollower } from '../support/feed.js';
import { request } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  eventually,
  newPerson,
  statusOfMe,
} from '../support/sessions.js';

describe('the revocation feed', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  const followers: FeedFollower[] = [];
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start();
  });
  afterEach(() => followers.splice(0).forEach((follower) => follower.close()));
  afterAll(() => replicas.end());

  const key = () => replicas.secrets.REVOCATION_FEED_KEY;
  async function follow(service = auth): Promise<FeedFollower> {
    const follower = await FeedFollower.open(service, key());
    followers.push(follower);
    return follower;
  }
  async function endedSession(): Promise<{ sid: string; sub: string }> {
    const { access_token } = await beginSession(auth, await newPerson(auth));
    await request('POST', `${auth.url}/auth/logout`, { token: access_token });
    return claimsOf(access_token);
  }

  it('begins with everything that is revoked, and goes on with each revocation and a beat a second', async () => {
    const before = await endedSession();
    const follower = await follow();
    await eventually(() => follower.beats > 0);
    expect(follower.events.map(({ name }) => name)).toEqual(['snapshot']);
    expect(follower.names(before.sid)).toBe(true);

    const { sid } = await endedSession();
    await eventually(() => follower.names(sid));
    const now = Math.floor(Date.now() / 1000);
    expect(follower.events.at(-1)).toEqual({
      name: 'revoked',
      entries: [{ kind: 'session', id: sid, until: expect.any(Number), for: expect.any(Number) }],
    });
    const { until } = follower.events.at(-1)!.entries[0]!;
    expect(until - now).toBeGreaterThanOrEqual(3600 + 60);
    expect(until - now).toBeLessThan(3600 + 120);
  });

  it('names a deleted account with its cut-off, and its sessions', async () => {
    const follower = await follow();
    const { access_token } = await beginSession(auth, await newPerson(auth));
    const { sub, sid } = claimsOf(access_token);
    const started = Math.floor(Date.now() / 1000);
    await request('DELETE', `${auth.url}/auth/me`, { token: access_token, body: { password: PASSWORD } });
    await eventually(() => follower.names(sub));
    const { entries } = follower.events.at(-1)!;
    expect(entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'user', id: sub, before: expect.any(Number) }),
        expect.objectContaining({ kind: 'session', id: sid }),
      ]),
    );
    const user = entries.find(({ kind }) => kind === 'user');
    expect(user!.before).toBeGreaterThanOrEqual(started);
    expect(user!.before).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
  });

  it('is the same after a restart', async () => {
    const { sid } = await endedSession();
    await auth.kill();
    auth = await replicas.start();
    const follower = await follow();
    await eventually(() => follower.events.length > 0);
    expect(follower.names(sid)).toBe(true);
  });

  it('forgets what no token can need any more', async () => {
    const { sid } = await endedSession();
    await replicas.query(`update revocations set expires_at = now() - interval '1 second' where id = $1`, [
      sid,
    ]);
    await auth.stop();
    auth = await replicas.start();
    const follower = await follow();
    await eventually(() => follower.events.at(-1)?.name === 'snapshot');
    expect(follower.names(sid)).toBe(false);
  });

  it('tells of ten thousand revocations', async () => {
    await replicas.query(`insert into revocations (kind, id, expires_at)
      select 'session', gen_random_uuid(), now() + interval '5 minutes' from generate_series(1, 10000)`);
    await auth.stop();
    auth = await replicas.start();
    const follower = await follow();
    await eventually(() => follower.events.at(-1)?.name === 'snapshot');
    expect(follower.events.length).toBeGreaterThan(1);
    expect(follower.events.flatMap(({ entries }) => entries).length).toBeGreaterThanOrEqual(10_000);
    await replicas.query(`delete from revocations`);
  });

  it('has the headers that keep proxies from holding it up', async () => {
    const connection = new AbortController();
    const { headers } = await fetch(`${auth.url}/revocations`, {
      headers: { authorization: `Bearer ${key()}` },
      signal: connection.signal,
    });
    connection.abort();
    expect(headers.get('content-type')).toBe('text/event-stream');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-accel-buffering')).toBe('no');
  });

  it.each<[string, string | undefined, string, string]>([
    ['no key', undefined, 'Unauthorized', 'Bearer'],
    ['another scheme', 'Basic YTpi', 'Unauthorized', 'Bearer'],
    ['a wrong key', `Bearer ${'x'.repeat(43)}`, 'Invalid token', 'Bearer error="invalid_token"'],
    ['an empty key', 'Bearer ', 'Unauthorized', 'Bearer'],
  ])('is closed to %s', async (_case, authorization, detail, challenge) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await request('GET', `${auth.url}/revocations`, { headers });
    expect([answer.status, answer.body['detail']]).toEqual([401, detail]);
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('is closed to a person’s access token, and its key opens nothing else', async () => {
    const { access_token } = await beginSession(auth, await newPerson(auth));
    expect((await request('GET', `${auth.url}/revocations`, { token: access_token })).status).toBe(401);
    expect((await request('GET', `${auth.url}/auth/me`, { token: key() })).status).toBe(401);
  });

  it('keeps nothing for a HEAD request', async () => {
    await request('HEAD', `${auth.url}/revocations`, { token: key() });
    await eventually(async () => (await clients()) === 0);
  });

  it('cuts off a client that does not read, and goes on for the others', async () => {
    const socket = deafClient();
    await eventually(async () => (await clients()) === 1);
    const follower = await follow();
    for (let round = 0; (await clients()) === 2; round++) {
      await replicas.query(
        `insert into revocations (kind, id, expires_at)
          select 'key', $1 || '-' || g || repeat('k', 200), now() + interval '5 minutes' from generate_series(1, 8000) g`,
        [round],
      );
      await eventually(() => follower.names(`${round}-8000${'k'.repeat(200)}`));
    }
    expect(await clients()).toBe(1);
    const { sid } = await endedSession();
    await eventually(() => follower.names(sid));
    socket.destroy();
    await replicas.query(`delete from revocations`);
  });

  it('says nothing while the replica cannot know what others revoke, and everything afterwards', async () => {
    const follower = await follow();
    const { access_token } = await beginSession(auth, await newPerson(auth));
    await replicas.lockOut();
    await eventually(() => follower.ended !== undefined);
    expect(follower.ended).toBe('cut off');
    const refused = await request('GET', `${auth.url}/revocations`, { token: key() });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    await replicas.letIn();
    const { sid } = claimsOf(access_token);
    await replicas.query(
      `insert into revocations (kind, id, expires_at) values ('session', $1, now() + interval '6 minutes')`,
      [sid],
    );
    await eventually(async () => (await statusOfMe(auth, access_token)) === 401);
    const next = await follow();
    await eventually(() => next.names(sid));
  });

  it('does not hold up the end of the service: not a client that reads, nor one that does not', async () => {
    const follower = await follow();
    const socket = deafClient();
    await eventually(async () => (await clients()) === 2);
    expect(await auth.stop()).toBe(0);
    await eventually(() => follower.ended !== undefined);
    expect(follower.ended).toBe('properly');
    socket.destroy();
    auth = await replicas.start();
  });

  /** Asks for the feed and never reads a byte of it. */
  function deafClient(): Socket {
    const { hostname, port } = new URL(auth.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(`GET /revocations HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${key()}\r\n\r\n`);
    return socket;
  }

  /** How many follow, as the service sees it. */
  async function clients(): Promise<number> {
    const { body } = await request<string>('GET', `${auth.url}/metrics`);
    return Number(/^revocation_feed_clients (\d+)$/m.exec(body)?.[1]);
  }
});

describe('the feed among versions and clocks', () => {
  const clock = new FalseClock();
  let replicas: AuthReplicas;
  let auth: RunningService;
  const followers: FeedFollower[] = [];
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start({ NODE_OPTIONS: clock.nodeOptions });
  });
  afterEach(() => {
    clock.set(0);
    followers.splice(0).forEach((follower) => follower.close());
  });
  afterAll(() => replicas.end());

  async function follow(query = ''): Promise<FeedFollower> {
    const follower = await FeedFollower.open(auth, replicas.secrets.REVOCATION_FEED_KEY, query);
    followers.push(follower);
    return follower;
  }
  const kindsHeardBy = ({ events }: FeedFollower, id: string) =>
    events.flatMap(({ entries }) => entries).flatMap((entry) => (entry.id === id ? [entry.kind] : []));

  it('tells an older service what it understands, and a newer one all', async () => {
    const [older, newer] = [
      await follow(),
      await follow('?kinds=session,user,key,client,stale-user,stale-role,from-tomorrow'),
    ];
    await replicas.query(
      `insert into cut_offs (kind, id, before, expires_at)
        select kind, 'a-' || kind, 5, now() + interval '1 hour'
        from unnest(array['client', 'stale-user', 'stale-role']) kind`,
    );
    await replicas.query(`notify revocations`);
    await eventually(() => newer.names('a-stale-role') && older.names('a-client'));
    expect(['a-client', 'a-stale-user', 'a-stale-role'].map((id) => kindsHeardBy(newer, id))).toEqual([
      ['client'],
      ['stale-user'],
      ['stale-role'],
    ]);
    expect(['a-client', 'a-stale-user', 'a-stale-role'].map((id) => kindsHeardBy(older, id))).toEqual([
      ['user'],
      ['user'],
      [],
    ]);
  });

  it.each([7 * 60_000, -7 * 60_000])(
    'is complete when the clock of the replica is %d ms off',
    async (offset) => {
      clock.set(offset);
      const [id, over] = [`off-by-${offset}`, `over-by-${offset}`];
      await replicas.query(
        `insert into revocations (kind, id, expires_at) values ('session', $1, now() + interval '5 minutes')`,
        [id],
      );
      await replicas.query(
        `insert into revocations (kind, id, expires_at) values ('session', $1, now() - interval '1 second')`,
        [over],
      );
      await eventually(async () => {
        const follower = await follow();
        await eventually(() => follower.events.length > 0);
        return follower.names(id);
      });
      const entries = followers.at(-1)!.events.flatMap((event) => event.entries);
      const { for: left } = entries.find((entry) => entry.id === id)!;
      expect(left).toBeGreaterThan(240);
      expect(left).toBeLessThanOrEqual(300);
      expect(entries.some((entry) => entry.id === over)).toBe(false);
    },
  );

  it('tells with each beat how old what it knows is', async () => {
    const follower = await follow();
    await eventually(() => follower.beats > 1);
    expect(follower.age).toBeGreaterThanOrEqual(0);
    expect(follower.age).toBeLessThan(5);
  });

  it('wakes other replicas without a word, and not for each revocation', async () => {
    const client = await replicas.connect();
    const heard: (string | undefined)[] = [];
    client.on('notification', ({ payload }) => heard.push(payload));
    await client.query('listen revocations');
    const email = await newPerson(auth);
    const sessions = await Promise.all(Array.from({ length: 40 }, () => beginSession(auth, email)));
    const other = await replicas.start();
    const began = performance.now();
    await Promise.all(
      sessions.map(({ access_token: token }) => request('POST', `${auth.url}/auth/logout`, { token })),
    );
    const took = performance.now() - began;
    for (const { access_token } of sessions)
      await eventually(async () => (await statusOfMe(other, access_token)) === 401);
    await client.end();
    expect(new Set(heard)).toEqual(new Set(['{"revocations":[]}']));
    expect(heard.length).toBeLessThanOrEqual(Math.ceil(took / 20) + 2);
  });
});
