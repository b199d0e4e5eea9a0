import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, beginSession, eventually, newPerson } from '../support/sessions.js';
import { TcpProxy } from '../support/tcp-proxy.js';

/** Two replicas of auth, two of business, and a network between them that fails. */
describe('a network that fails between auth and business', () => {
  let replicas: AuthReplicas;
  let auth: RunningService[];
  let links: TcpProxy[];
  let business: RunningService[];
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await Promise.all([replicas.start(), replicas.start()]);
    links = await Promise.all(auth.map(({ url }) => TcpProxy.to(url)));
    business = await Promise.all(
      links.map(({ url }) => replicas.startService('business', { AUTH_URL: url })),
    );
    await feedsAre('1');
  });
  afterEach(() => links.forEach((link) => link.heal()));
  afterAll(async () => {
    await replicas.end();
    await Promise.all(links.map((link) => link.close()));
  });

  const newToken = async () => (await beginSession(auth[0]!, await newPerson(auth[0]!))).access_token;
  const logOut = async (token: string) => {
    const { status } = await request('POST', `${auth[0]!.url}/auth/logout`, { token });
    expect(status).toBe(204);
  };
  const atBusiness = (token: string): Promise<number[]> =>
    Promise.all(
      business.map(async ({ url }) => (await request('GET', `${url}/dashboard`, { token })).status),
    );
  const areRefused = (token: string): Promise<void> =>
    eventually(async () => (await atBusiness(token)).every((status) => status === 401));
  const feedsAre = (connected: '0' | '1'): Promise<void> =>
    eventually(async () => {
      const pages = business.map(({ url }) => request<string>('GET', `${url}/metrics`));
      const line = `\nrevocation_feed_connected ${connected}\n`;
      return (await Promise.all(pages)).every(({ body }) => body.includes(line));
    });

  it.each<[string, (link: TcpProxy) => void]>([
    ['drops everything in silence', (link) => link.fallSilent()],
    ['resets every connection', (link) => link.reset()],
  ])('that %s holds a revocation up, and nothing else', async (_how, cut) => {
    const [lost, other] = [await newToken(), await newToken()];
    expect(await atBusiness(lost)).toEqual([200, 200]);
    links.forEach((link) => cut(link));
    await logOut(lost);
    await feedsAre('0');
    // Business cannot know yet; tokens, those that it has never seen too, are good for their own life.
    expect(await atBusiness(lost)).toEqual([200, 200]);
    expect(await atBusiness(other)).toEqual([200, 200]);
    expect(await atBusiness(await newToken())).toEqual([200, 200]);

    links.forEach((link) => link.heal());
    await areRefused(lost);
    await feedsAre('1');
    expect(await atBusiness(other)).toEqual([200, 200]);
  });

  it('is tried again and again while it stays silent', async () => {
    links.forEach((link) => link.fallSilent());
    const before = links.map(({ connections }) => connections);
    await eventually(() => links.every(({ connections }, index) => connections >= before[index]! + 2));
    const token = await newToken();
    await logOut(token);
    links.forEach((link) => link.heal());
    await areRefused(token);
  });

  it('delivers late what it has held up for a moment', async () => {
    const token = await newToken();
    links.forEach((link) => link.fallSilent());
    await logOut(token);
    expect(await atBusiness(token)).toEqual([200, 200]);
    links.forEach((link) => link.heal());
    await areRefused(token);
  });

  it('that fails at one replica only leaves the other service in step', async () => {
    const token = await newToken();
    links[0]!.fallSilent();
    await logOut(token);
    const refusedAt = (service: RunningService) =>
      eventually(async () => (await request('GET', `${service.url}/dashboard`, { token })).status === 401);
    await refusedAt(business[1]!);
    expect(await atBusiness(token)).toEqual([200, 401]);
    links[0]!.heal();
    await refusedAt(business[0]!);
  });
});
