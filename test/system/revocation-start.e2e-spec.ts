import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type ServerResponse } from 'node:http';
import { deploy, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { close, listen } from '../support/listen.js';
import type { Environment, RunningService } from '../support/service.js';
import { eventually } from '../support/sessions.js';

/** A service that starts without auth must not accept what it refused before. */
describe('business, started while auth cannot be followed', () => {
  let deployment: Deployment;
  let ended: string;
  beforeAll(async () => {
    deployment = await deploy();
    ended = await signUp(deployment, 'ended@example.com');
    await request('POST', `${deployment.auth.url}/auth/logout`, { token: ended });
  });
  afterAll(() => undeploy(deployment));

  function business(environment: Environment): Promise<RunningService> {
    const { auth, replicas } = deployment;
    return replicas.startService('business', { AUTH_URL: auth.url, ...environment });
  }
  const dashboard = async ({ url }: RunningService, token: string) =>
    (await request('GET', `${url}/dashboard`, { token })).status;
  const readiness = async ({ url }: RunningService) => {
    const { status, body } = await request('GET', `${url}/health/ready`);
    return { status, revocations: (body as { details: Record<string, unknown> }).details['revocations'] };
  };

  async function passOn(path: string, authorization: string, response: ServerResponse): Promise<void> {
    const { body } = await fetch(`${deployment.auth.url}${path}`, { headers: { authorization } });
    for await (const chunk of body ?? []) response.write(chunk);
  }

  it('takes no request before it has been told, by an auth that comes later', async () => {
    // Takes connections, but lets nothing through until told to.
    const held: (() => void)[] = [];
    const gate = createServer(({ url = '', headers }, response) => {
      held.push(() => void passOn(url, headers.authorization ?? '', response));
    });
    const url = await listen(gate);
    let isReady = false;
    const starting = business({ REVOCATION_FEED_URL: `${url}/revocations` }).then((service) => {
      isReady = true;
      return service;
    });
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isReady).toBe(false);
    for (const release of held.splice(0)) release();
    const service = await starting;
    expect(await dashboard(service, ended)).toBe(401);
    await service.stop();
    await close(gate);
  });

  it('hears of a quarter of a million revocations, more than fit into one message', async () => {
    const { replicas } = deployment;
    await replicas.query(`insert into revocations (kind, id, expires_at)
      select 'session', gen_random_uuid(), now() + interval '1 hour' from generate_series(1, 250000)`);
    const auth = await replicas.start();
    const service = await business({ AUTH_URL: auth.url, REVOCATION_START_WAIT_SECONDS: '60' });
    await eventually(async () => (await dashboard(service, ended)) === 401);
    expect(await readiness(service)).toMatchObject({ revocations: { status: 'up', connected: true } });
    await Promise.all([service.stop(), auth.stop()]);
    await replicas.query("delete from revocations where expires_at > now() + interval '30 minutes'");
  }, 180_000);

  it('starts all the same after a while, says what that means, and catches up', async () => {
    const service = await business({ AUTH_URL: 'http://127.0.0.1:9', REVOCATION_START_WAIT_SECONDS: '1' });
    expect(service.output()).toContain('What is revoked is not known after 1 s');
    expect(await readiness(service)).toMatchObject({
      status: 200,
      revocations: { status: 'up', connected: false, fault: expect.stringContaining('is auth running') },
    });
    await service.stop();
  });

  it('lets no token in until then where stale knowledge is rejected, and wants no traffic', async () => {
    const service = await business({ AUTH_URL: 'http://127.0.0.1:9', REVOCATION_ON_STALE: 'reject' });
    expect(await dashboard(service, ended)).toBe(503);
    expect(await readiness(service)).toMatchObject({ status: 503, revocations: { status: 'down' } });
    await service.stop();
  });

  it('says that its key is wrong where operators look', async () => {
    const service = await business({
      REVOCATION_FEED_KEY: 'w'.repeat(32),
      REVOCATION_START_WAIT_SECONDS: '1',
    });
    const words = "Revocation feed disconnected (401): REVOCATION_FEED_KEY differs from auth's";
    expect(service.output()).toContain(words);
    expect(await readiness(service)).toMatchObject({ revocations: { connected: false, fault: words } });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/^revocation_feed_connected 0$/m);
    expect(metrics).toMatch(/^revocation_feed_faults_total\{reason="unauthorized"\} [1-9]/m);
    expect(service.output()).not.toContain('w'.repeat(32));
    await service.stop();
  });

  it('says why it refuses tokens, once for each reason', async () => {
    const service = await business({ JWT_AUDIENCE: 'another-service' });
    const token = await signUp(deployment, 'refused@example.com');
    for (let i = 0; i < 3; i++) expect(await dashboard(service, token)).toBe(401);
    await service.prints('Token refused (audience): its aud does not hold another-service');
    expect(service.output().split('Token refused (audience)')).toHaveLength(2);
    for (const part of token.split('.')) expect(service.output()).not.toContain(part);
    expect(service.output()).toContain('Trusts issuer http://localhost:3000, audience another-service');
    await service.stop();
  });
});
