import { afterEach, beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { request } from '../support/http.js';
import { RawSocket } from '../support/raw-socket.js';
import { type Environment, type RunningService, stopAll } from '../support/service.js';
import { AuthReplicas, eventually } from '../support/sessions.js';

const isLinux = existsSync('/proc/self/fd');
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const BUNDLE = get('/docs/swagger-ui-bundle.js');

describe.each(['auth', 'business'] as const)('%s, attacked over a few connections,', (app) => {
  let replicas: AuthReplicas;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
  });
  afterEach(() => stopAll());
  afterAll(() => replicas.end());

  const start = (environment: Environment = {}) => replicas.startService(app, environment);
  const isAlive = async ({ url }: RunningService) =>
    (await request('GET', `${url}/health/live`)).status === 200;
  const openFiles = ({ process: { pid } }: RunningService) =>
    isLinux ? readdirSync(`/proc/${pid}/fd`).length : 0;

  it('opens no file for each of 1,200 pipelined requests of a connection that reads nothing', async () => {
    const service = await start();
    const before = openFiles(service);
    const client = await RawSocket.open(service);
    client.pause();
    client.send(BUNDLE.repeat(1_200));
    for (let look = 0; look < 10; look++) {
      expect(await isAlive(service)).toBe(true);
      expect(openFiles(service) - before).toBeLessThan(20);
    }
    client.close();
  });

  it('survives connections that ask for more files than it may open', async () => {
    const service = await start();
    if (isLinux) execFileSync('prlimit', ['--pid', String(service.process.pid), '--nofile=128:128']);
    const crowd = await Promise.all(
      Array.from({ length: 110 }, () => RawSocket.open(service).catch(() => undefined)),
    );
    for (const client of crowd) client?.send(BUNDLE.repeat(20));
    // Longer than any timer of the service waits, so that each has met the limit.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    for (const client of crowd) client?.close();
    await eventually(() => isAlive(service).catch(() => false));
  });

  it('handles the requests of a connection one after the other', async () => {
    const service = await start();
    const client = await RawSocket.open(service);
    client.send(Array.from({ length: 200 }, () => get('/metrics')).join(''));
    await eventually(() => (client.received.match(/HTTP\/1\.1 200/g) ?? []).length === 200);
    const underWay = client.received.match(/^http_requests_under_way \d+$/gm) ?? [];
    expect(new Set(underWay)).toEqual(new Set(['http_requests_under_way 1']));
    client.close();
  });

  it('cuts a connection that pipelines more than it may', async () => {
    const service = await start();
    const client = await RawSocket.open(service);
    client.send(get('/health/live').repeat(2_000));
    await client.closed;
    expect(await isAlive(service)).toBe(true);
  });

  it('answers everything that a connection sends behind its answers, however much', async () => {
    const service = await start();
    const client = await RawSocket.open(service);
    for (let batch = 1; batch <= 10; batch++) {
      client.send(get('/health/live').repeat(200));
      await eventually(() => (client.received.match(/HTTP\/1\.1 200/g) ?? []).length === 200 * batch);
    }
    client.close();
  });

  it('cuts a connection that does not read what it has asked for', async () => {
    const service = await start({ REQUEST_TIMEOUT_SECONDS: '1' });
    const client = await RawSocket.open(service);
    client.pause();
    client.send(BUNDLE.repeat(30));
    await eventually(() => openConnections(service, 0));
    expect(await isAlive(service)).toBe(true);
    client.close();
  });

  it.each([
    ['head', 'GET /health/live HTTP/1.1\r\nHost: x\r\n'],
    ['second head', `${get('/health/live')}GET /health/live HTTP/1.1\r\nHost: x\r\n`],
    [
      'body',
      'POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ],
  ])('answers 408 to a %s that never ends, and closes the connection', async (_part, bytes) => {
    const service = await start({ REQUEST_TIMEOUT_SECONDS: '1' });
    const client = await RawSocket.open(service);
    client.send(bytes);
    await client.closed;
    expect(client.received).toMatch(/HTTP\/1\.1 408 [^]*"code":"REQUEST_TIMEOUT"/);
  });

  it('ends in time although a request never ends', async () => {
    const service = await start({ SHUTDOWN_TIMEOUT_SECONDS: '1', REQUEST_TIMEOUT_SECONDS: '300' });
    const client = await RawSocket.open(service);
    client.send('POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    await eventually(() => openConnections(service, 1));
    expect(await service.stop()).toBe(0);
    await client.closed;
  });

  it('answers others while 300 connections ask for its readiness, by one connection to the database', async () => {
    const service = await start({ DATABASE_POOL_SIZE: '1', DATABASE_POOL_QUEUE: '0' });
    const crowd = await Promise.all(Array.from({ length: 300 }, () => RawSocket.open(service)));
    for (const client of crowd) client.send(get('/health/ready').repeat(10));
    const path = app === 'auth' ? '/auth/refresh' : '/dashboard';
    const others = await Promise.all(
      Array.from({ length: 20 }, () => request(app === 'auth' ? 'POST' : 'GET', `${service.url}${path}`)),
    );
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([app === 'auth' ? 400 : 401]));
    for (const client of crowd)
      await eventually(() => (client.received.match(/HTTP\/1\.1 \d+/g) ?? []).length === 10);
    expect(new Set(crowd.flatMap(({ received }) => received.match(/HTTP\/1\.1 \d+/g)))).toEqual(
      new Set(['HTTP/1.1 200']),
    );
    for (const client of crowd) client.close();
  });

  /** Beside the one that asks. */
  async function openConnections({ url }: RunningService, count: number): Promise<boolean> {
    const { body } = await request<string>('GET', `${url}/metrics`, { headers: { connection: 'close' } });
    return Number(/^http_connections_open (\d+)$/m.exec(body)?.[1]) === count + 1;
  }
});
