import { afterEach, beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { request } from '../support/http.js';
import { listen } from '../support/listen.js';
import { failToStart, stopAll } from '../support/service.js';
import { AuthReplicas } from '../support/sessions.js';

describe.each(['auth', 'business'] as const)('the operators of %s', (app) => {
  let replicas: AuthReplicas;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
  });
  afterEach(() => stopAll());
  afterAll(() => replicas.end());

  const statusOf = async (url: string) => (await request('GET', url)).status;

  it('have metrics on a port of their own and on no other, and health on both', async () => {
    const service = await replicas.startService(app, { OPERATIONS_PORT: '0' });
    const [, operations = ''] = /metrics at (http:\S+)\/metrics/.exec(service.output()) ?? [];
    expect(await statusOf(`${operations}/metrics`)).toBe(200);
    expect(await statusOf(`${service.url}/metrics`)).toBe(401);
    for (const url of [operations, service.url]) {
      expect(await statusOf(`${url}/health/live`)).toBe(200);
      expect(await statusOf(`${url}/health/ready`)).toBe(200);
    }
    const unknown = await request('GET', `${operations}/tasks`);
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'NOT_FOUND']);
    expect(await service.stop()).toBe(0);
  });

  it('see what readiness found, by name', async () => {
    const service = await replicas.startService(app);
    const { body } = await request<{ details: object }>('GET', `${service.url}/health/ready`);
    expect(body.details).toMatchObject({ database: { status: 'up' }, traffic: { status: 'up' } });
  });

  it('serve the OpenAPI page in production only when they say so', async () => {
    const production = {
      NODE_ENV: 'production',
      JWT_ISSUER: 'https://auth.example.com',
      AUTH_URL: 'https://auth.example.com',
      PUBLIC_URL: 'https://www.example.com',
      MAIL_FROM: 'no-reply@example.com',
    };
    const quiet = await replicas.startService(app, production);
    expect([await statusOf(`${quiet.url}/docs`), await statusOf(`${quiet.url}/docs-json`)]).toEqual([
      401, 401,
    ]);
    await quiet.stop();
    const open = await replicas.startService(app, { ...production, DOCS: 'on' });
    expect([await statusOf(`${open.url}/docs`), await statusOf(`${open.url}/docs-json`)]).toEqual([200, 200]);
  });

  it('are told that their port has to be another one than that of the service', async () => {
    const ports = { PORT: '4711', OPERATIONS_PORT: '4711' };
    const { code, stderr } = await failToStart(app, { ...(await replicas.environmentOf(app)), ...ports });
    expect(code).toBe(1);
    expect(stderr).toBe(`${app} cannot start:\n  OPERATIONS_PORT must be another port than PORT\n`);
  });

  it.each(['PORT', 'OPERATIONS_PORT'])('are told by name that %s is in use', async (variable) => {
    const other = createServer();
    const { port } = new URL(await listen(other));
    const { code, stderr } = await failToStart(app, {
      ...(await replicas.environmentOf(app)),
      [variable]: port,
    });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`\n  ${variable} ${port} is in use:`);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });
});
