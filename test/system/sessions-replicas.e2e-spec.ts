import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FeedFollower } from '../support/feed.js';
import { request } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  eventually,
  newPerson,
  refresh,
  statusOfMe,
  tryRefresh,
  type Tokens,
} from '../support/sessions.js';

/** Two replicas of auth on one database, two of business on another; each of these follows one of those. */
describe('sessions in a deployment with replicas', () => {
  let replicas: AuthReplicas;
  let auth: [RunningService, RunningService];
  let business: RunningService[];
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await Promise.all([replicas.start(), replicas.start()]);
    business = await Promise.all(auth.map(({ url }) => replicas.startService('business', { AUTH_URL: url })));
    await Promise.all(business.map((service) => isFollowing(service)));
  });
  afterAll(() => replicas.end());

  const newSession = async (): Promise<Tokens> => beginSession(auth[0], await newPerson(auth[0]));
  const logOut = (service: RunningService, token: string) =>
    request('POST', `${service.url}/auth/logout`, { token });
  /** What each service makes of an access token: 200 or 401. */
  const everywhere = async (token: string): Promise<number[]> => [
    ...(await Promise.all(auth.map((service) => statusOfMe(service, token)))),
    ...(await Promise.all(
      business.map(async ({ url }) => (await request('GET', `${url}/dashboard`, { token })).status),
    )),
  ];
  const isRefusedEverywhere = (token: string): Promise<void> =>
    eventually(async () => (await everywhere(token)).every((status) => status === 401));
  const isFollowing = ({ url }: RunningService): Promise<void> =>
    eventually(async () =>
      (await request<string>('GET', `${url}/metrics`)).body.includes('revocation_feed_connected 1'),
    );

  it('end everywhere by a logout at one replica', async () => {
    const { access_token, refresh_token } = await newSession();
    expect(await everywhere(access_token)).toEqual([200, 200, 200, 200]);
    await logOut(auth[0], access_token);
    await isRefusedEverywhere(access_token);
    expect((await tryRefresh(auth[1], refresh_token)).status).toBe(401);
  });

  it('end everywhere when a stolen token is shown', async () => {
    const first = await newSession();
    const second = await refresh(auth[1], first.refresh_token);
    const third = await refresh(auth[0], second.refresh_token);
    expect(await everywhere(third.access_token)).toEqual([200, 200, 200, 200]);
    expect((await tryRefresh(auth[1], first.refresh_token)).status).toBe(401);
    await isRefusedEverywhere(third.access_token);
    expect((await tryRefresh(auth[0], third.refresh_token)).status).toBe(401);
  });

  it('give fifty requests that race at both replicas with one token one successor', async () => {
    const { refresh_token } = await newSession();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => refresh(auth[index % 2 ? 1 : 0], refresh_token)),
    );
    const successors = new Set(answers.map((answer) => answer.refresh_token));
    expect(successors.size).toBe(1);
    await refresh(auth[1], [...successors][0]!);
  });

  it('are revoked in the feed of the replica that did not do it', async () => {
    const follower = await FeedFollower.open(auth[1], replicas.secrets.REVOCATION_FEED_KEY);
    const { access_token } = await newSession();
    await logOut(auth[0], access_token);
    await eventually(() => follower.names(claimsOf(access_token).sid));
    follower.close();
  });

  it('are revoked everywhere although the notification was lost', async () => {
    const { access_token } = await newSession();
    await replicas.query(
      `insert into revocations (kind, id, expires_at) values ('session', $1, now() + interval '6 minutes')`,
      [claimsOf(access_token).sid],
    );
    await isRefusedEverywhere(access_token);
  });

  it('are revoked everywhere by a transaction that began early and committed late', async () => {
    const [early, late] = [await newSession(), await newSession()];
    const row = (id: string) =>
      `insert into revocations (kind, id, expires_at) values ('session', '${id}', now() + interval '6 minutes')`;
    const committed = replicas.query(
      `do $$ begin ${row(claimsOf(early.access_token).sid)}; perform pg_sleep(5); end $$`,
    );
    await replicas.query(row(claimsOf(late.access_token).sid));
    await isRefusedEverywhere(late.access_token);
    await committed;
    await isRefusedEverywhere(early.access_token);
  });

  it('are revoked everywhere although the database cuts all connections of those who listen', async () => {
    const { access_token } = await newSession();
    const cut = await replicas.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'auth revocations' and datname = current_database()`,
    );
    expect(cut).toHaveLength(2);
    await logOut(auth[0], access_token);
    await isRefusedEverywhere(access_token);
    const next = await newSession();
    await logOut(auth[1], next.access_token);
    await isRefusedEverywhere(next.access_token);
  });

  it('are revoked at a service whose auth was away at the time, as soon as it is back', async () => {
    const { access_token } = await newSession();
    const { port } = new URL(auth[1].url);
    await auth[1].kill();
    await logOut(auth[0], access_token);
    expect((await request('GET', `${business[1]!.url}/dashboard`, { token: access_token })).status).toBe(200);
    auth[1] = await replicas.start({ PORT: port });
    await isRefusedEverywhere(access_token);
    await isFollowing(business[1]!);
  });

  it('go on when everything restarts, and know stolen tokens then', async () => {
    const first = await newSession();
    const second = await refresh(auth[0], first.refresh_token);
    const third = await refresh(auth[0], second.refresh_token);
    const ports = auth.map(({ url }) => new URL(url).port);
    await Promise.all(auth.map((service) => service.kill()));
    auth = await Promise.all([replicas.start({ PORT: ports[0] }), replicas.start({ PORT: ports[1] })]);
    const fourth = await refresh(auth[1], third.refresh_token);
    expect((await tryRefresh(auth[0], first.refresh_token)).status).toBe(401);
    expect((await tryRefresh(auth[1], fourth.refresh_token)).status).toBe(401);
    await isRefusedEverywhere(fourth.access_token);
  });

  it('survive kill -9 of a replica during 1,000 refreshes: every token that was answered works, none came twice', async () => {
    const answered: string[] = [];
    const chains = await Promise.all(Array.from({ length: 20 }, () => newSession()));
    const port = new URL(auth[0].url).port;
    const lasts = Promise.all(
      chains.map(async ({ refresh_token: token }) => {
        for (let step = 0; step < 50; step++) {
          // Without an answer from the one, the client asks the other with the token that it still has.
          const next = await refresh(auth[0], token).catch(() => refresh(auth[1], token));
          token = next.refresh_token;
          answered.push(token);
        }
        return token;
      }),
    );
    await eventually(() => answered.length > 300);
    await auth[0].kill();
    const tokens = await lasts;
    expect(answered).toHaveLength(1000);
    expect(new Set(answered).size).toBe(1000);
    for (const token of tokens) await refresh(auth[1], token);
    auth[0] = await replicas.start({ PORT: port });
  });

  it('do not keep a replica from ending while services follow its feed', async () => {
    await isFollowing(business[0]!);
    expect(await auth[0].stop()).toBe(0);
    expect(business[0]!.process.exitCode).toBeNull();
  });
});
