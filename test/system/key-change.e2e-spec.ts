import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { randomBytes } from 'node:crypto';
import { Load } from '../support/load.js';
import { newKeyRing } from '../support/secrets.js';
import { type App, type Environment, type RunningService } from '../support/service.js';
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

const secret = (): string => randomBytes(32).toString('hex');

/** Two replicas of each service behind a balancer, given new settings one after the other, as a deployment does it. */
describe('under load, with two replicas of each service', () => {
  let replicas: AuthReplicas;
  let balancers: Record<App, TcpProxy>;
  let services: Record<App, RunningService[]>;

  beforeEach(async () => {
    replicas = await AuthReplicas.prepare();
    balancers = { auth: await TcpProxy.to(), business: await TcpProxy.to() };
    services = { auth: [], business: [] };
  });
  afterEach(async () => {
    await Promise.all(Object.values(balancers).map((balancer) => balancer.close()));
    await replicas.end();
  });

  const start = (app: App, settings: Environment): Promise<RunningService> =>
    app === 'auth'
      ? replicas.start(settings)
      : replicas.startService('business', {
          AUTH_URL: balancers.auth.url,
          JWKS_COOLDOWN: '1',
          ...settings,
        });
  /** New replicas come up before old ones go, one at a time. */
  const roll = async (app: App, settings: Environment): Promise<void> => {
    for (const old of services[app].length > 0 ? services[app] : [undefined, undefined]) {
      const next = await start(app, settings);
      services[app] = [...services[app].filter((service) => service !== old), next];
      balancers[app].targets = services[app].map(({ url }) => url);
      await old?.stop();
    }
  };
  const atAuth = (): RunningService => ({ ...services.auth[0]!, url: balancers.auth.url });
  const newSession = async (): Promise<Tokens> => beginSession(atAuth(), await newPerson(atAuth()));
  const begin = async (settings: Environment): Promise<Tokens[]> => {
    await roll('auth', settings);
    await roll('business', settings);
    return Promise.all([1, 2, 3, 4].map(newSession));
  };
  const use = (people: readonly Tokens[], patience?: number): Load => {
    const guarded = [`${balancers.business.url}/dashboard`, `${balancers.auth.url}/auth/me`];
    return new Load({ auth: balancers.auth.url, guarded }, people, patience);
  };
  /** Long enough for everybody to have got new tokens and used them. */
  const goOn = async (load: Load): Promise<void> => {
    const until = load.requests + 300;
    await eventually(() => load.requests >= until);
  };

  it('the secret of HS256 is changed in the documented order and no request fails', async () => {
    const [old, next] = [secret(), secret()];
    const load = use(await begin({ JWT_SECRET: old }));
    await goOn(load);
    await roll('business', { JWT_SECRET: next, JWT_SECRET_PREVIOUS: old });
    await roll('auth', { JWT_SECRET: old, JWT_SECRET_PREVIOUS: next });
    await roll('auth', { JWT_SECRET: next, JWT_SECRET_PREVIOUS: old });
    await goOn(load);
    await goOn(load);
    await roll('auth', { JWT_SECRET: next });
    await roll('business', { JWT_SECRET: next });
    await goOn(load);
    await load.stop();
    expect(load.failures).toEqual([]);
  });

  it('HS256 gives way to ES256 and nobody has to log in again', async () => {
    const ES256 = newKeyRing();
    const people = await begin({ JWT_SECRET: secret() });
    const bystander = await newSession();
    const load = use(people, 30_000);
    await goOn(load);
    await roll('auth', ES256);
    await roll('business', ES256);
    await goOn(load);
    await load.stop();
    expect(load.failures).toEqual([]);
    const fresh = await refresh(atAuth(), bystander.refresh_token);
    expect(decodeProtectedHeader(fresh.access_token).alg).toBe('ES256');
  });
});
