import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { request } from '../support/http.js';
import { operateJson } from '../support/operator.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, beginSession, eventually, newPerson } from '../support/sessions.js';
import { FreshApp, type RunningApp } from './fresh-app.js';
import { describeForeignIssuer } from './foreign-issuer.suite.js';
import { describeOtherLibraries } from './other-libraries.suite.js';
import { NEST_11, NEST_11_TRANSFORMED, NEST_12 } from './starters.js';

/** Those of the README and of docs/testing.md. */
const PASSED = /Tests:? +7 passed/;

describe.each([NEST_11, NEST_12])('the guard, installed in a fresh app of $title', (starter) => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let app: FreshApp;
  let running: RunningApp;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start();
    app = FreshApp.write(starter);
    await app.install();
    await app.npm('run', 'build');
    const { JWT_SECRET, REVOCATION_FEED_KEY } = replicas.secrets;
    running = await app.start({ AUTH_URL: auth.url, JWT_SECRET, REVOCATION_FEED_KEY });
  });
  afterAll(async () => {
    await running?.stop();
    app.remove();
    await replicas.end();
  });

  const get = (path: string, token?: string) => request('GET', `${running.url}${path}`, { token });

  it('needs one command to install: no package beside those of the starter', () => {
    const own = Object.keys(starter.manifest['dependencies'] as object);
    expect(own.filter((name) => /passport|class-|jose/.test(name))).toEqual([]);
  });

  it('refuses what has no token, and lets a user of auth in', async () => {
    expect((await get('/me')).status).toBe(401);
    const { access_token } = await beginSession(auth, await newPerson(auth));
    const answer = await get('/me', access_token);
    expect([answer.status, answer.body]).toEqual([200, { userId: expect.any(String) }]);
    expect((await get('/me', `${access_token.slice(0, -4)}AAAA`)).body['detail']).toBe('Invalid token');
  });

  it('opens what is public, and asks for roles', async () => {
    expect((await get('/open')).status).toBe(200);
    const { access_token } = await beginSession(auth, await newPerson(auth));
    expect((await get('/admin', access_token)).status).toBe(403);
    const admin = await newPerson(auth);
    const environment = { ...replicas.secrets, DATABASE_URL: replicas.database.url };
    await operateJson(['users', 'grant', admin, 'admin'], environment);
    expect((await get('/admin', (await beginSession(auth, admin)).access_token)).status).toBe(200);
  });

  it('hears of a logout', async () => {
    const { access_token } = await beginSession(auth, await newPerson(auth));
    expect((await get('/me', access_token)).status).toBe(200);
    await request('POST', `${auth.url}/auth/logout`, { token: access_token });
    await eventually(async () => (await get('/me', access_token)).status === 401);
  });

  it('refuses messages to a gateway, but public ones', async () => {
    const socket = new WebSocket(running.url.replace('http', 'ws'));
    await once(socket, 'open');
    const answers: string[] = [];
    socket.on('message', (answer: Buffer) => answers.push(answer.toString()));
    const send = (event: string) => socket.send(JSON.stringify({ event }));
    const opened = () => answers.filter((answer) => answer.includes('"open"')).length;
    send('closed');
    for (let i = 1; i <= 3; i++) {
      send('open');
      await eventually(() => opened() === i);
    }
    // NestJS 11 tells a client of plain `ws` nothing of an exception.
    if (starter === NEST_12)
      await eventually(() => answers.some((answer) => answer.includes('UNAUTHORIZED')));
    expect(answers.join()).not.toContain('secret');
    socket.terminate();
  });

  it('refuses messages to a microservice beside the HTTP server, but public ones', async () => {
    expect(await call(running.rpcPort, 'open')).toContain('"response":"open"');
    const answer = await call(running.rpcPort, 'closed');
    expect(answer).toContain('UNAUTHORIZED');
    expect(answer).not.toContain('secret');
  });

  it('says at the start what it trusts, and never a secret', () => {
    expect(running.output()).toContain('Trusts issuer http://localhost:3000, audience signet');
    expect(running.output()).not.toContain(replicas.secrets.JWT_SECRET);
  });

  it('stops the start of an app whose settings are wrong, with one line for each', async () => {
    const failed = app.start({ JWT_SECRET: 'short', AUTH_URL: 'auth' });
    await expect(failed).rejects.toThrow(/JWT_SECRET must be at least 32 bytes long/);
    await expect(failed).rejects.toThrow(/AUTH_URL must be/);
    await expect(failed).rejects.toThrow(/REVOCATION_FEED_KEY must be set/);
  });

  it('comes with a test kit that its default test runner takes', async () => {
    expect(await app.npm('test')).toMatch(PASSED);
  });

  if (starter === NEST_11) {
    it('comes with a test kit that Jest takes on older versions of Node too', async () => {
      const other = FreshApp.write(NEST_11_TRANSFORMED);
      await other.shareInstallation(app);
      expect(await other.npm('test')).toMatch(PASSED);
      other.remove();
    });
  }

  describeForeignIssuer(starter, () => app);
  describeOtherLibraries(starter, () => app);
});

/** One request to a microservice over TCP, as Nest frames it. */
async function call(port: number, pattern: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const message = JSON.stringify({ pattern, data: {}, id: '1' });
  socket.write(`${message.length}#${message}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}
