import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { deploy, logIn, PASSWORD, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';

/** What ends at auth ends at every service, while each service goes on deciding by itself. */
describe('revocation reaches the other service', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy();
    await metric('revocation_feed_connected', '1');
  });
  afterAll(() => undeploy(deployment));

  const statusAtBusiness = async (token: string) =>
    (await request('GET', `${deployment.business.url}/dashboard`, { token })).status;
  const atAuth = (method: string, path: string, token: string, body?: unknown) =>
    request(method, `${deployment.auth.url}${path}`, { token, ...(body !== undefined && { body }) });

  it.each<[string, (token: string) => Promise<{ status: number }>]>([
    ['logging out', (token) => atAuth('POST', '/auth/logout', token)],
    ['deleting the account', (token) => atAuth('DELETE', '/auth/me', token, { password: PASSWORD })],
  ])('%s ends the token that was used for it', async (what, end) => {
    const token = await signUp(deployment, `${what.replace(/\W/g, '')}@example.com`);
    expect(await statusAtBusiness(token)).toBe(200);
    expect((await end(token)).status).toBe(204);
    await refused(token);
  });

  it('ending all other sessions spares the one that asks', async () => {
    const email = 'two-devices@example.com';
    const [lost, kept] = [await signUp(deployment, email), await logIn(deployment, email)];
    expect((await atAuth('DELETE', '/auth/sessions', kept)).status).toBe(204);
    await refused(lost);
    expect(await statusAtBusiness(kept)).toBe(200);
  });

  it('a new password ends all other sessions', async () => {
    const email = 'new-password@example.com';
    const [lost, kept] = [await signUp(deployment, email), await logIn(deployment, email)];
    const body = { current_password: PASSWORD, new_password: 'another quiet evening' };
    expect((await atAuth('POST', '/auth/password', kept, body)).status).toBe(204);
    await refused(lost);
    expect(await statusAtBusiness(kept)).toBe(200);
  });

  it('what was revoked while the feed was away is known once it is back', async () => {
    const token = await signUp(deployment, 'meanwhile@example.com');
    const { auth, replicas } = deployment;
    const second = await replicas.start();
    const { port } = new URL(auth.url);
    await auth.kill();
    await metric('revocation_feed_connected', '0');
    expect((await request('POST', `${second.url}/auth/logout`, { token })).status).toBe(204);
    expect(await statusAtBusiness(token)).toBe(200);

    await replicas.start({ PORT: port });
    await refused(token);
  });

  async function refused(token: string): Promise<void> {
    while ((await statusAtBusiness(token)) === 200) await delay(5);
    const { status, body } = await request('GET', `${deployment.business.url}/dashboard`, { token });
    expect([status, body['detail']]).toEqual([401, 'Invalid token']);
  }

  async function metric(name: string, value: string): Promise<void> {
    const read = () => request<string>('GET', `${deployment.business.url}/metrics`);
    while (!(await read()).body.includes(`\n${name} ${value}\n`)) await delay(20);
  }
});
