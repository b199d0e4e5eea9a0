/**
 * `npm run smoke`: what the images hold and nothing else, run by plain node in production on fresh databases, does the
 * main job once.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, startTestServer, stopTestServer } from '@signet/service-kit/testing';
import { randomBytes } from 'node:crypto';
import { imageFiles } from './image-files.ts';
import { ROOT, whenReady, type App } from './services.ts';

const folder = mkdtempSync(join(tmpdir(), 'signet-smoke-'));
const stops: (() => Promise<unknown>)[] = [];
const secrets = {
  JWT_ALGORITHM: 'ES256',
  KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
  REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
};
await startTestServer();
try {
  const auth = await start('auth');
  const business = await start('business', { AUTH_URL: auth });
  for (const app of ['auth', 'business'])
    assert.match(
      readFileSync(join(folder, app, 'THIRD-PARTY-LICENCES.txt'), 'utf8'),
      /^@nestjs\/core .*MIT/m,
    );
  const page = await fetch(`${auth}/docs/swagger-ui-bundle.js`);
  assert.equal(page.status, 200);
  const credentials = { email: 'ada@example.com', password: 'a long and quiet evening' };
  assert.equal((await call('POST', `${auth}/auth/register`, credentials)).status, 202);
  const login = await call('POST', `${auth}/auth/login`, credentials);
  const token = String(login.body['access_token']);
  assert.equal((await call('POST', `${business}/tasks`, { title: 'Seal the letter' }, token)).status, 201);
  const dashboard = await call('GET', `${business}/dashboard`, undefined, token);
  assert.deepEqual(dashboard.body['tasks'], { open: 1, done: 0 });
  assert.equal((await call('GET', `${business}/dashboard`)).status, 401);
  process.stdout.write('smoke test: registered, logged in, created a task, saw it on the dashboard\n');
} finally {
  await Promise.all(stops.map((stop) => stop()));
  await stopTestServer();
  rmSync(folder, { recursive: true, force: true });
}

async function start(app: App, environment: Record<string, string> = {}): Promise<string> {
  const image = join(folder, app);
  for (const { from, to } of imageFiles(app)) cpSync(from, join(image, to));
  const migrationsFolder = join(ROOT, 'apps', app, 'src/database/migrations');
  const { url: DATABASE_URL } = await createTestDatabase({ name: app, migrationsFolder });
  const { PATH } = process.env;
  const service = spawn(process.execPath, ['main.js'], {
    env: {
      PATH,
      NODE_ENV: 'production',
      JWT_ISSUER: 'https://auth.example.com',
      DOCS: 'on',
      PORT: '0',
      DATABASE_URL,
      ...secrets,
      ...environment,
    },
    cwd: image,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<unknown>((resolve) => service.once('exit', resolve));
  stops.push(() => (service.kill('SIGTERM'), ended));
  return whenReady(service);
}

async function call(method: string, url: string, body?: object, token?: string) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(url, {
    method,
    headers: body ? headers : { authorization: headers.authorization ?? '' },
    body: body ? JSON.stringify(body) : null,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
