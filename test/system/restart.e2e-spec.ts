import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logIn, signUp } from '../support/deployment.js';
import { request } from '../support/http.js';
import { startService, stopAll, type App, type RunningService } from '../support/service.js';

const JWT_SECRET = 'c2VhbGVkIHdpdGggYSBzaWduZXQgcmluZyBvZiBnb2xk';

/** Each service on the embedded database, as `npm start` runs it. */
describe('on the embedded database', () => {
  const folders: string[] = [];
  afterEach(async () => {
    await stopAll();
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });

  async function dataFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'signet-restart-'));
    folders.push(folder);
    return folder;
  }
  const start = (app: App, DATA_DIR: string): Promise<RunningService> =>
    startService(app, { DATA_DIR, JWT_SECRET });

  it('finds everything that was answered after kill -9 of both services', async () => {
    const [authData, businessData] = [await dataFolder(), await dataFolder()];
    const before = { auth: await start('auth', authData), business: await start('business', businessData) };
    const token = await signUp(before, 'ada@example.com');
    const titles = Array.from({ length: 20 }, (_, index) => `task ${index}`);
    await Promise.all(
      titles.map((title) => request('POST', `${before.business.url}/tasks`, { token, body: { title } })),
    );
    await Promise.all([before.auth.kill(), before.business.kill()]);

    const after = { auth: await start('auth', authData), business: await start('business', businessData) };
    const again = await logIn(after, 'ada@example.com');
    const { body } = await request<{ tasks: { title: string }[] }>(
      'GET',
      `${after.business.url}/tasks?limit=100`,
      {
        token: again,
      },
    );
    expect(body.tasks.map(({ title }) => title).toSorted()).toEqual(titles.toSorted());
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves no process and no port behind after %s', async (signal) => {
    const data = await dataFolder();
    const service = await start('auth', data);
    await signUp({ auth: service }, 'ada@example.com');
    const postmaster = await readFile(join(data, 'postgres/data/postmaster.pid'), 'utf8');
    const [pid, , , port] = postmaster.split('\n').map(Number);
    expect(pid).toBeGreaterThan(0);

    service.process.kill(signal);
    const [code] = (await once(service.process, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
    await expect(isListening(port!)).resolves.toBe(false);
    await expect(isListening(Number(new URL(service.url).port))).resolves.toBe(false);
  });

  it('answers a request that is under way when the signal comes', async () => {
    const service = await start('auth', await dataFolder());
    const body = JSON.stringify({ email: 'late@example.com', password: 'a long and quiet evening' });
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    socket.write(
      `POST /auth/register HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    await once(socket, 'data');
    expect(received).toMatch(/^HTTP\/1\.1 100 /);

    service.process.kill('SIGTERM');
    socket.write(body);
    await once(socket, 'close');
    expect(received).toContain('HTTP/1.1 202 ');
  });
});

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
