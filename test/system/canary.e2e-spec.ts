import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Canaries } from '../support/canary/canaries.js';
import { RouteCalls, type Call, type Caller } from '../support/canary/calls.js';
import { routesOf } from '../fuzz/routes.js';
import { deploy, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { logLines } from '../support/log-lines.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { sendRaw } from '../support/raw-http.js';
import { newKey } from '../support/secrets.js';
import { APPS, type App } from '../support/service.js';
import type { Tokens } from '../support/sessions.js';

const TABLES = `select format('%I', tablename) as name from pg_tables where schemaname = 'public'`;

describe('secrets planted in everything that a caller can type, and in the environment', () => {
  const canaries = new Canaries();
  const secrets = {
    KEY_ENCRYPTION_KEY: newKey(),
    KEY_ENCRYPTION_KEY_PREVIOUS: newKey(),
    REFRESH_TOKEN_SECRET: newKey(),
    REFRESH_TOKEN_SECRET_PREVIOUS: newKey(),
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${canaries.plant('secret', 'OTEL_EXPORTER_OTLP_HEADERS')}`,
  };
  const answers: { readonly call: string; readonly status: number; readonly text: string }[] = [];
  const metrics: string[] = [];
  let receiver: OtlpReceiver;
  let deployment: Deployment;

  beforeAll(async () => {
    receiver = await OtlpReceiver.start();
    deployment = await deploy({
      ...secrets,
      JWT_ALGORITHM: 'ES256',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      LOG_LEVEL: 'trace',
      // Of the deployments that have limits this is about what is behind them.
      RATE_LIMITS: 'off',
    });
    for (const [name, value] of Object.entries({ ...deployment.replicas.secrets, ...secrets })) {
      canaries.watch(value, name);
    }
    for (const app of APPS) {
      const { password } = new URL(await deployment.replicas.urlOf(app));
      // A server of one's own (TEST_DATABASE_URL) may have a password that is an ordinary word.
      if (password.length >= 16) canaries.watch(password, 'the password in DATABASE_URL');
    }
    await callEveryRoute();
    await callEveryRouteInVain();
    for (const app of APPS)
      metrics.push((await request<string>('GET', `${deployment[app].url}/metrics`)).body);
    await Promise.all(APPS.map((app) => deployment[app].stop()));
  }, 300_000);
  afterAll(async () => {
    await undeploy(deployment);
    await receiver.close();
  });

  async function callEveryRoute(): Promise<void> {
    for (const app of APPS) {
      for (const route of await routesOf(deployment[app].url)) {
        for (const call of new RouteCalls(canaries, route, await newCaller(app)).all()) await send(app, call);
      }
      await callUnknownRoutes(app);
    }
  }

  /** While the databases refuse every row: PostgreSQL and Drizzle then put the row into their errors. */
  async function callEveryRouteInVain(): Promise<void> {
    const calls: [App, Call][] = [];
    for (const app of APPS) {
      for (const route of await routesOf(deployment[app].url)) {
        calls.push([app, new RouteCalls(canaries, route, await newCaller(app)).good()]);
      }
    }
    for (const app of APPS) await refuseRows(app);
    for (const [app, call] of calls) await send(app, call);
  }

  /** Somebody whose address, password and tokens are canaries too, and who has a session or a task. */
  async function newCaller(app: App): Promise<Caller> {
    const { auth, business } = deployment;
    const email = `${canaries.plant('content', 'e-mail address')}@example.com`;
    const password = canaries.plant('secret', 'password');
    await request('POST', `${auth.url}/auth/register`, { body: { email, password } });
    const { body } = await request<Tokens>('POST', `${auth.url}/auth/login`, { body: { email, password } });
    const { access_token: token, refresh_token } = body;
    for (const issued of [token, refresh_token]) {
      canaries.watch(issued.split('.').at(-1) ?? '', 'a token that auth has issued');
    }
    const fields = { email, password, current_password: password, refresh_token };
    const id =
      app === 'auth'
        ? (await request<{ sessions: { id: string }[] }>('GET', `${auth.url}/auth/sessions`, { token })).body
            .sessions[0]?.id
        : (await request<{ id: string }>('POST', `${business.url}/tasks`, { token, body: { title: 'x' } }))
            .body.id;
    return { token, id: id ?? randomUUID(), fields };
  }

  async function send(app: App, { method, path, headers, body }: Call): Promise<void> {
    const response = await fetch(deployment[app].url + path, { method, headers, body });
    const text = JSON.stringify([...response.headers]) + (await response.text());
    answers.push({ call: `${app}: ${method} ${path}`, status: response.status, text });
  }

  async function callUnknownRoutes(app: App): Promise<void> {
    const secret = () => canaries.plant('secret', `${app}: outside of every route`);
    const { url } = deployment[app];
    for (const start of [
      `GET /${secret()} HTTP/1.1`,
      `POST /auth/${secret()}?${secret()}=${secret()} HTTP/1.1`,
      `GET /%zz${secret()} HTTP/1.1`,
      `GET /tasks/${secret().repeat(20)} HTTP/1.1`,
      `${secret().toUpperCase()} / HTTP/1.1`,
      `GET / HTTP/${secret()}`,
      `GET / HTTP/1.1\r\n${secret()} ${secret()}: x`,
      `GET / HTTP/1.1\r\nx: ${secret().repeat(1000)}`,
    ]) {
      const text = await sendRaw(url, `${start}\r\nhost: ${secret()}\r\nconnection: close\r\n\r\n`);
      answers.push({ call: `${app}: ${start}`, status: Number(text.split(' ')[1]), text });
    }
  }

  const inDatabase = <Row>(app: App, sql: string) => deployment.replicas.query<Row>(sql, [], app);

  async function refuseRows(app: App): Promise<void> {
    for (const { name } of await inDatabase<{ name: string }>(app, TABLES))
      await inDatabase(app, `alter table ${name} add constraint none check (false) not valid`);
  }

  it('were planted in every route, and most kinds of answers came', () => {
    expect(canaries.size).toBeGreaterThan(5000);
    const statuses = new Set(answers.map(({ status }) => status));
    for (const status of [200, 202, 204, 400, 401, 404, 413, 415, 500]) expect(statuses).toContain(status);
    expect(APPS.flatMap((app) => logLines(deployment[app])).some(({ context }) => context === 'Errors')).toBe(
      true,
    );
    expect(receiver.spans.length).toBeGreaterThan(100);
  });

  it.each(APPS)('are not in the log of %s at level trace, nor in whatever else it prints', (app) => {
    expect(canaries.foundIn(deployment[app].output())).toEqual([]);
  });

  it('are not in the metrics', () => {
    expect(metrics.join('').length).toBeGreaterThan(1000);
    expect(canaries.foundIn(metrics.join('\n'))).toEqual([]);
  });

  it('are not in the traces', () => {
    expect(canaries.foundIn(receiver.raw)).toEqual([]);
  });

  it('are not in errors, but for the names of unknown fields', () => {
    const errors = answers.filter(({ status }) => !(status < 400));
    const found = errors.filter(({ text }) => canaries.foundIn(text, ['secret', 'content']).length > 0);
    expect(found.map(({ call, text }) => [call, text])).toEqual([]);
  });

  it('are in no other answer, but for content that people read again', () => {
    const successes = answers.filter(({ status }) => status < 400);
    // Tokens are what some answers are for.
    const found = successes.filter(
      ({ text }) => canaries.foundIn(withoutTokens(text), ['secret', 'name']).length > 0,
    );
    expect(found.map(({ call, text }) => [call, text])).toEqual([]);
  });

  it('are not in the audit log, but for the name of the program', async () => {
    const rows = await inDatabase('auth', `select to_jsonb(a) - 'user_agent' as row from audit_events a`);
    expect(rows.length).toBeGreaterThan(0);
    expect(canaries.foundIn(JSON.stringify(rows))).toEqual([]);
  });

  it.each(APPS)('that are secret are nowhere in the database of %s', async (app) => {
    let text = '';
    for (const { name } of await inDatabase<{ name: string }>(app, TABLES))
      text += JSON.stringify(await inDatabase(app, `select to_jsonb(t) from ${name} t`));
    expect(canaries.foundIn(text, ['secret', 'name'])).toEqual([]);
  });
});

function withoutTokens(text: string): string {
  return text.replaceAll(/"(access|refresh)_token":"[^"]*"/g, '');
}
