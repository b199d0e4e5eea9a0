import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FalseClock } from '../support/clock.js';
import { deploy, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { newKeyRing } from '../support/secrets.js';
import {
  beginSession,
  eventually,
  newPerson,
  refresh,
  tryRefresh,
  type Tokens,
} from '../support/sessions.js';

const clock = new FalseClock();

const HOUR = 3_600_000;

/** Both services run by a clock that an operator, or NTP, sets an hour ahead and back; the database's goes on as it was. */
describe.each([
  ['HS256', {}],
  ['ES256', newKeyRing()],
])('a wall clock that jumps, under %s', (_algorithm, settings) => {
  let deployment: Deployment;
  const set = (offset: number) => clock.set(offset);
  beforeAll(async () => {
    set(0);
    deployment = await deploy({ NODE_OPTIONS: clock.nodeOptions, ...settings });
    await deployment.business.prints('Revocation feed connected');
  });
  afterAll(async () => {
    await undeploy(deployment);
    set(0);
  });

  const newSession = async (): Promise<Tokens> =>
    beginSession(deployment.auth, await newPerson(deployment.auth));
  const dashboard = ({ access_token: token }: Tokens) =>
    request('GET', `${deployment.business.url}/dashboard`, { token });

  it.each([
    ['ahead', HOUR],
    ['back', -HOUR],
  ])('an hour %s ends no session, and people go on', async (_direction, offset) => {
    const before = await newSession();
    set(offset);
    // Tokens are dated by the database's clock: a service whose own is wrong takes none until it is set right.
    const during = await refresh(deployment.auth, before.refresh_token);
    expect((await dashboard(during)).status).toBe(401);
    set(0);
    expect((await dashboard(during)).status).toBe(200);
    const after = await refresh(deployment.auth, during.refresh_token);
    await eventually(async () => (await dashboard(after)).status === 200);
  });

  it('brings back nothing that was revoked', async () => {
    const ended = await newSession();
    expect((await dashboard(ended)).status).toBe(200);
    await request('POST', `${deployment.auth.url}/auth/logout`, { token: ended.access_token });
    await eventually(async () => (await dashboard(ended)).status === 401);
    set(HOUR);
    const other = await newSession();
    await request('POST', `${deployment.auth.url}/auth/logout`, { token: other.access_token });
    await eventually(async () => (await dashboard(other)).status === 401);
    expect((await dashboard(ended)).body['detail']).toBe('Token expired');
    set(0);
    expect((await dashboard(ended)).body['detail']).toBe('Invalid token');
    expect((await tryRefresh(deployment.auth, ended.refresh_token)).status).toBe(401);
  });

  it('leaves both services ready', async () => {
    for (const { url } of [deployment.auth, deployment.business])
      expect((await request('GET', `${url}/health/ready`)).status).toBe(200);
  });
});
