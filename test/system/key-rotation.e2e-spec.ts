import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { request } from '../support/http.js';
import { Load } from '../support/load.js';
import { operateJson } from '../support/operator.js';
import { newKeyRing } from '../support/secrets.js';
import { type RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  eventually,
  newPerson,
  refresh,
  type Tokens,
} from '../support/sessions.js';
import { TcpProxy } from '../support/tcp-proxy.js';

jest.setTimeout(180_000);

const QUICK = {
  ...newKeyRing(),
  JWKS_MAX_AGE: '1',
  KEY_PUBLISH_AHEAD: '3',
  KEY_LIFETIME: '1',
  JWT_EXPIRES_IN: '3',
};

interface Key {
  readonly kid: string;
  readonly state: string;
}

/** Two replicas of auth behind a balancer, two of business, each with its own connection to auth through it. */
describe('the key ring in a deployment with replicas', () => {
  let replicas: AuthReplicas;
  let balancer: TcpProxy;
  let auth: RunningService[];
  let business: RunningService[];

  const begin = async (environment: Record<string, string>): Promise<void> => {
    replicas = await AuthReplicas.prepare();
    auth = await Promise.all([replicas.start(environment), replicas.start(environment)]);
    balancer = await TcpProxy.to(...auth.map(({ url }) => url));
    const settings = { JWT_ALGORITHM: 'ES256', JWKS_COOLDOWN: '1', AUTH_URL: balancer.url };
    const start = () => replicas.startService('business', settings);
    business = await Promise.all([start(), start()]);
  };
  const atAuth = (): RunningService => ({ ...auth[0]!, url: balancer.url });
  const newSession = async (): Promise<Tokens> => beginSession(atAuth(), await newPerson(atAuth()));
  const keys = async (environment: Record<string, string>): Promise<readonly Key[]> =>
    (await operateJson<{ keys: Key[] }>(['keys', 'list'], { ...replicas.environment, ...environment })).keys;

  afterEach(async () => {
    await balancer.close();
    await replicas.end();
  });

  it('changes its key twenty times under load, and a replica dies meanwhile: no request fails', async () => {
    await begin(QUICK);
    const people = await Promise.all(Array.from({ length: 4 }, newSession));
    const guarded = [...business.map(({ url }) => `${url}/dashboard`), `${balancer.url}/auth/me`];
    const load = new Load({ auth: balancer.url, guarded }, people);
    const before = (await keys(QUICK)).length;
    const rotations = async (): Promise<number> => (await keys(QUICK)).length - before;

    await eventually(async () => (await rotations()) >= 8);
    await auth[1]!.kill();
    await eventually(async () => (await rotations()) >= 14);
    auth[1] = await replicas.start(QUICK);
    balancer.targets = auth.map(({ url }) => url);
    await eventually(async () => (await rotations()) >= 20);

    await load.stop();
    expect(load.failures).toEqual([]);
    expect(load.requests).toBeGreaterThan(1_000);
  });

  it('revokes the key that signs: its tokens die everywhere within a second, and people can refresh', async () => {
    const slow = { ...QUICK, KEY_LIFETIME: '3600', JWT_EXPIRES_IN: '300' };
    await begin(slow);
    await Promise.all(business.map((service) => service.prints('Revocation feed connected')));
    const tokens = await newSession();
    const everywhere = [
      ...business.map(({ url }) => `${url}/dashboard`),
      ...auth.map(({ url }) => `${url}/auth/me`),
    ];
    const ask = async (url: string): Promise<number> =>
      (await request('GET', url, { token: tokens.access_token })).status;
    expect(await Promise.all(everywhere.map(ask))).toEqual([200, 200, 200, 200]);

    const [{ kid }] = (await keys(slow)).filter(({ state }) => state === 'current') as [Key];
    let lastAccepted = -Infinity;
    const watch = new AbortController();
    const watching = everywhere.map(async (url) => {
      while (!watch.signal.aborted) {
        const asked = Date.now();
        if ((await ask(url)) === 200) lastAccepted = Math.max(lastAccepted, asked);
      }
    });
    const environment = { ...replicas.environment, ...slow };
    const revoked = await operateJson(['keys', 'revoke', kid], environment);
    const answered = Date.now();
    expect(revoked).toMatchObject({ kid, was: 'current', signer: expect.any(String) });
    await eventually(async () => (await Promise.all(everywhere.map(ask))).every((status) => status === 401));
    watch.abort();
    await Promise.all(watching);
    expect(lastAccepted - answered).toBeLessThan(1_000);

    const fresh = await refresh(atAuth(), tokens.refresh_token);
    for (const url of everywhere)
      expect((await request('GET', url, { token: fresh.access_token })).status).toBe(200);
  });
});
