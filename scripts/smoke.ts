/** `npm run smoke`: the built services, started by plain node on fresh embedded databases, do the main job once. */
import assert from 'node:assert/strict';
import { startFresh } from './fresh-services.ts';

const services = await startFresh();
const { auth, business } = services.urls;
try {
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
  await services.stop();
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
