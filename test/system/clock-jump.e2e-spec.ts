import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import {
  beginSession,
  eventually,
  newPerson,
  refresh,
  tryRefresh,
  type Tokens,
} from '../support/sessions.js';

const folder = mkdtempSync(join(tmpdir(), 'signet-clock-'));
const file = join(folder, 'offset');

/** The wall clock of the process, off by what a file says in milliseconds; the monotonic clock is left alone. */
const CLOCK = `--import data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  const Real = Date;
  const offset = () => Number(readFileSync(${JSON.stringify(file)}, 'utf8'));
  globalThis.Date = class Date extends Real {
    constructor(...parts) { if (parts.length) super(...parts); else super(Real.now() + offset()); }
    static now() { return Real.now() + offset(); }
  };`)}`;

const HOUR = 3_600_000;

/** Both services run by a clock that an operator, or NTP, sets an hour ahead and back; the database's goes on as it was. */
describe.each([
  ['HS256', {}],
  ['ES256', { JWT_ALGORITHM: 'ES256', KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') }],
])('a wall clock that jumps, under %s', (_algorithm, settings) => {
  let deployment: Deployment;
  const set = (offset: number) => writeFileSync(file, String(offset));
  beforeAll(async () => {
    set(0);
    deployment = await deploy({ NODE_OPTIONS: CLOCK, ...settings });
    await deployment.business.prints('the revocation feed is connected');
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
    const during = await refresh(deployment.auth, before.refresh_token);
    await eventually(async () => (await dashboard(during)).status === 200);
    set(0);
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

afterAll(() => rmSync(folder, { recursive: true, force: true }));
