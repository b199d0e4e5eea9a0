import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { PASSWORD } from '../support/deployment.js';
import { FeedFollower } from '../support/feed.js';
import { request } from '../support/http.js';
import { RoundRobin } from '../support/round-robin.js';
import { AuthReplicas, beginSession, eventually, newPerson, type Tokens } from '../support/sessions.js';

const RESTARTS = 20;
const CLIENTS = 4;

describe('a replica that is told to stop', () => {
  let replicas: AuthReplicas;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
  });
  afterAll(() => replicas.end());

  it('says so, sends those who follow its feed away, and answers whoever still comes', async () => {
    const auth = await replicas.start({ SHUTDOWN_DELAY_SECONDS: '60' });
    const { access_token: token } = await beginSession(auth, await newPerson(auth));
    const follower = await FeedFollower.open(auth, replicas.secrets.REVOCATION_FEED_KEY);
    const ready = () => request('GET', `${auth.url}/health/ready`);
    expect((await ready()).status).toBe(200);

    auth.process.kill('SIGTERM');
    await eventually(async () => (await ready()).status === 503);
    await eventually(() => follower.ended !== undefined);
    expect(follower.ended).toBe('properly');
    const me = await request('GET', `${auth.url}/auth/me`, { token });
    expect([me.status, me.headers.get('connection')]).toEqual([200, 'close']);
    const feed = await request('GET', `${auth.url}/revocations`, {
      token: replicas.secrets.REVOCATION_FEED_KEY,
    });
    expect([feed.status, feed.body['code']]).toEqual([503, 'FEED_UNAVAILABLE']);

    expect(await auth.stop()).toBe(0); // the second signal comes from somebody who waits
  });

  it(
    `loses no request in ${RESTARTS} rolling restarts of two replicas under load`,
    async () => {
      const environment = { SHUTDOWN_DELAY_SECONDS: '1' };
      const running = [await replicas.start(environment), await replicas.start(environment)];
      const urls = running.map(({ url }) => url);
      const balancer = new RoundRobin(urls);
      await Promise.all(urls.map((url) => balancer.isReady(url)));
      const over = new AbortController();
      const failures: unknown[] = [];
      let answered = 0;
      const people = await Promise.all(Array.from({ length: CLIENTS }, () => newPerson(running[0]!)));
      const clients = people.map(async (email) => {
        const attempt = async (...args: Parameters<RoundRobin['send']>) => {
          const reply = await balancer.send(...args).catch((error: unknown) => ({ status: 0, body: error }));
          if (reply.status === 200) answered++;
          else failures.push({ route: args[1], ...reply });
          // Leaves the replicas the time to start.
          await delay(10);
          return reply.body as Tokens;
        };
        while (!over.signal.aborted) {
          let tokens = await attempt('POST', '/auth/login', { email, password: PASSWORD });
          for (let step = 0; step < 10 && !over.signal.aborted; step++) {
            tokens = await attempt('POST', '/auth/refresh', { refresh_token: tokens.refresh_token });
            await attempt('GET', '/auth/me', undefined, tokens.access_token);
          }
        }
      });

      for (let restart = 0; restart < RESTARTS; restart++) {
        const index = restart % 2;
        const before = answered;
        expect(await running[index]!.stop()).toBe(0);
        running[index] = await replicas.start({ ...environment, PORT: new URL(urls[index]!).port });
        await balancer.isReady(urls[index]!);
        expect(answered).toBeGreaterThan(before);
      }
      over.abort();
      await Promise.all(clients);
      balancer.close();
      expect(failures).toEqual([]);
      expect(answered).toBeGreaterThan(RESTARTS * CLIENTS);
    },
    10 * 60_000,
  );
});
