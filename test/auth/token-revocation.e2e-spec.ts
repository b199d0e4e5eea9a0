import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FeedFollower } from '../support/feed.js';
import { request } from '../support/http.js';
import {
  addClient,
  basic,
  clientCredentials,
  exchange,
  postForm,
  type RegisteredClient,
} from '../support/oauth.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  eventually,
  newPerson,
  refresh,
  type Tokens,
} from '../support/sessions.js';

describe('the revocation of one access token by its client', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let another: RunningService;
  let gateway: RegisteredClient;
  let reports: RegisteredClient;
  let user: Tokens;
  const followers: FeedFollower[] = [];
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    const settings = { JWT_AUDIENCE: 'business,reports,gateway' };
    [auth, another] = await Promise.all([replicas.start(settings), replicas.start(settings)]);
    const add = (id: string, audience: string) =>
      addClient(id, `--audience ${audience} --on-behalf-of-users`, replicas.environment);
    [gateway, reports] = [await add('gateway', 'reports'), await add('reports', 'business')];
  });
  beforeEach(async () => {
    user = await beginSession(auth, await newPerson(auth));
  });
  afterEach(() => followers.splice(0).forEach((follower) => follower.close()));
  afterAll(() => replicas.end());

  const revoke = async (client: RegisteredClient, token: string) =>
    expect((await postForm(`${auth.url}/oauth/revoke`, { token }, basic(client))).status).toBe(200);
  const isActive = async (client: RegisteredClient, token: string, service = auth) =>
    (await postForm<{ active: boolean }>(`${service.url}/oauth/introspect`, { token }, basic(client))).body
      .active;
  const ownToken = async (client: RegisteredClient, audience: string) =>
    (await clientCredentials(auth, client, { audience })).body.access_token;
  const exchanged = async (client: RegisteredClient, subject: string, audience: string) =>
    (await exchange(auth, client, subject, { audience })).body;

  it('ends this token at every replica at once, and no other of the client', async () => {
    const [one, other] = [await ownToken(gateway, 'reports'), await ownToken(gateway, 'reports')];
    const forUser = (await exchanged(gateway, user.access_token, 'reports')).access_token;
    await revoke(gateway, one);
    expect(await isActive(gateway, one)).toBe(false);
    await eventually(async () => !(await isActive(gateway, one, another)));
    for (const service of [auth, another])
      for (const token of [other, forUser]) expect(await isActive(gateway, token, service)).toBe(true);
  });

  it('ends a token for a user, from which no other is exchanged any more; user and session go on', async () => {
    const [one, other] = [
      (await exchanged(gateway, user.access_token, 'reports')).access_token,
      (await exchanged(gateway, user.access_token, 'reports')).access_token,
    ];
    const before = (await exchanged(reports, one, 'business')).access_token;
    await revoke(gateway, one);
    expect(await isActive(gateway, one)).toBe(false);
    expect((await exchanged(reports, one, 'business')).error).toBe('invalid_grant');
    expect(await exchanged(reports, other, 'business')).toMatchObject({ access_token: expect.any(String) });
    expect(await isActive(reports, before)).toBe(true);
    expect((await request('GET', `${auth.url}/auth/me`, { token: user.access_token })).status).toBe(200);
    await refresh(auth, user.refresh_token);
  });

  it('is seen by an exchange at a replica that has not heard of it', async () => {
    const [first, second] = [
      (await exchanged(gateway, user.access_token, 'reports')).access_token,
      await ownToken(gateway, 'reports'),
    ];
    await revoke(gateway, second);
    // Of a transaction that was long over, so that no replica reads it.
    await replicas.query(
      `insert into cut_offs (kind, id, client, before, expires_at, written_by)
        values ('token', $1, 'gateway', $2, now() + interval '5 minutes', '1')`,
      [claimsOf(first)['jti'], Number(claimsOf(first)['iat']) + 1],
    );
    expect(await isActive(gateway, first, another)).toBe(true);
    const { body } = await exchange(another, reports, first, { audience: 'business' });
    expect(body.error).toBe('invalid_grant');
  });

  it('reaches services that do not know the kind as a cut-off of the client', async () => {
    const kinds = [
      'session,user,key,client,stale-user,stale-role,token',
      'session,user,key,client',
      'session,user',
    ];
    for (const known of kinds) {
      const follower = await FeedFollower.open(auth, replicas.secrets.REVOCATION_FEED_KEY, `?kinds=${known}`);
      followers.push(follower);
      await eventually(() => follower.beats > 0);
    }
    const token = await ownToken(reports, 'business');
    const { jti, iat, exp } = claimsOf(token) as unknown as { jti: string; iat: number; exp: number };
    await revoke(reports, token);
    const [newest, older, oldest] = followers.map(
      ({ events }) =>
        () =>
          events.flatMap(({ entries }) => entries).filter(({ id }) => id === jti || id === 'reports'),
    );
    await eventually(() => [newest, older, oldest].every((heard) => heard!().length > 0));
    const lives = { before: iat + 1, until: expect.any(Number), for: expect.any(Number) };
    expect(newest!()).toEqual([{ kind: 'token', id: jti, client: 'reports', ...lives, until: exp + 70 }]);
    expect(older!()).toEqual([{ kind: 'client', id: 'reports', ...lives }]);
    expect(oldest!()).toEqual([{ kind: 'user', id: 'reports', ...lives }]);
  });
});
