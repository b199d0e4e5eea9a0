/**
 * `npm run smoke`: what the images hold and nothing else, run by plain node in production on fresh databases, does the
 * main job once.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer, stopTestServer } from '@signet/service-kit/testing';
import { request } from '../test/support/http.ts';
import { newKeyRing } from '../test/support/secrets.ts';
import { APPS, type App, type Environment, type RunningService } from '../test/support/service.ts';
import { AuthReplicas, beginSession, PASSWORD } from '../test/support/sessions.ts';
import { imageFiles } from './image-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'signet-smoke-'));
const settings = {
  NODE_ENV: 'production',
  JWT_ISSUER: 'https://auth.example.com',
  DOCS: 'on',
  JWT_SECRET: undefined,
  ...newKeyRing(),
};
await startTestServer();
const replicas = await AuthReplicas.prepare();
try {
  const auth = await start('auth');
  const business = await start('business', { AUTH_URL: auth.url });
  for (const app of APPS)
    assert.match(
      readFileSync(join(folder, app, 'THIRD-PARTY-LICENCES.txt'), 'utf8'),
      /^@nestjs\/core .*MIT/m,
    );
  const page = await fetch(`${auth.url}/docs/swagger-ui-bundle.js`);
  assert.equal(page.status, 200);
  const person = { email: 'ada@example.com', password: PASSWORD };
  assert.equal((await request('POST', `${auth.url}/auth/register`, { body: person })).status, 202);
  const { access_token: token } = await beginSession(auth, person.email);
  const task = { title: 'Seal the letter' };
  assert.equal((await request('POST', `${business.url}/tasks`, { body: task, token })).status, 201);
  const dashboard = await request('GET', `${business.url}/dashboard`, { token });
  assert.deepEqual(dashboard.body['tasks'], { open: 1, done: 0 });
  assert.equal((await request('GET', `${business.url}/dashboard`)).status, 401);
  process.stdout.write('smoke test: registered, logged in, created a task, saw it on the dashboard\n');
} finally {
  await replicas.end();
  await stopTestServer();
  rmSync(folder, { recursive: true, force: true });
}

function start(app: App, more: Environment = {}): Promise<RunningService> {
  const image = join(folder, app);
  for (const { from, to } of imageFiles(app)) cpSync(from, join(image, to));
  return replicas.startService(app, { ...settings, ...more }, { args: ['main.js'], cwd: image });
}
