/** `npm run bench:role-changes`: what ten thousand changes of roles in a minute cost a service that hears of them. */
import { createTestDatabase, startTestServer, stopTestServer } from '@signet/service-kit/testing';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { buildIfNeeded, ROOT, type App } from '../scripts/services.ts';
import { machine, save, table } from './report.ts';
import { Service } from './service.ts';

const CHANGES = 10_000;
const USERS = 10_000;
const MINUTE_MS = 60_000;
const AT_ONCE = 8;
const PASSWORD = 'a long and quiet evening';
const CPU_REPORTER = join(import.meta.dirname, 'refresh/cpu-reporter.ts');

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run bench:role-changes

Shows a token to business without a pause for a minute, and for another one in which an administrator changes the roles
of ${CHANGES} users. Prints, and writes to bench/results.md, CPU time of a request and memory of business in both.
`);
  process.exit(0);
}

buildIfNeeded((line) => process.stderr.write(`${line}\n`));
await startTestServer();
const secrets = {
  JWT_SECRET: randomBytes(32).toString('hex'),
  REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
  REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
};
const authUrl = await database('auth');
const auth = await Service.start('auth', { ...secrets, DATABASE_URL: authUrl });
const business = await Service.start(
  'business',
  { ...secrets, DATABASE_URL: await database('business'), AUTH_URL: auth.url },
  ['--import', CPU_REPORTER],
);
try {
  const { admin, users } = await fill();
  await hotPath(5_000);
  const quiet = await hotPath(MINUTE_MS);
  const changing = change(admin, users);
  const busy = await hotPath(MINUTE_MS);
  report(quiet, busy, await changing);
} finally {
  await Promise.all([auth.stop(), business.stop()]);
  await stopTestServer();
}

async function database(app: App): Promise<string> {
  const migrationsFolder = join(ROOT, 'apps', app, 'src/database/migrations');
  return (await createTestDatabase({ name: app, migrationsFolder })).url;
}

async function fill(): Promise<{ admin: string; users: string[] }> {
  const login = { email: 'root@bench.example', password: PASSWORD };
  await auth.post('/auth/register', login);
  const client = new Client(authUrl);
  await client.connect();
  await client.query(`insert into roles (name) values ('support')`);
  await client.query(`insert into user_roles (user_id, role) select id, 'admin' from users`);
  const { rows } = await client.query<{ id: string }>(
    `insert into users (email, password_hash)
      select 'user-' || g || '@bench.example', '' from generate_series(1, $1::int) g returning id`,
    [USERS],
  );
  await client.end();
  await business.hasMetric('revocation_feed_connected 1');
  const { body } = await auth.post('/auth/login', login);
  return { admin: (body as { access_token: string }).access_token, users: rows.map(({ id }) => id) };
}

/** Requests with one token, one after the other. */
async function hotPath(ms: number): Promise<{ cpu: number; requests: number; rss: number }> {
  const email = `hot-${randomBytes(4).toString('hex')}@bench.example`;
  await auth.post('/auth/register', { email, password: PASSWORD });
  const login = await auth.post('/auth/login', { email, password: PASSWORD });
  const { access_token } = login.body as { access_token: string };
  const [before, until] = [await cpu(), performance.now() + ms];
  let requests = 0;
  for (; performance.now() < until; requests++) {
    const status = await business.get('/dashboard', access_token);
    if (status !== 200) throw new Error(`business answered ${status}`);
  }
  return { cpu: ((await cpu()) - before) / requests, requests, rss: rss() };
}

/** @returns how many changes a minute that were */
async function change(admin: string, users: readonly string[]): Promise<number> {
  const began = performance.now();
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < CHANGES; index = next++) {
      const due = began + (index / CHANGES) * MINUTE_MS * 0.95;
      if (performance.now() < due) await delay(due - performance.now());
      const body = { roles: ['support'] };
      const { status } = await auth.send(
        'PUT',
        `/admin/users/${users[index % users.length]}/roles`,
        body,
        admin,
      );
      if (status !== 200) throw new Error(`a change answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, () => worker()));
  return (CHANGES / (performance.now() - began)) * MINUTE_MS;
}

async function cpu(): Promise<number> {
  const answer = once(business.process, 'message');
  business.process.send('cpu');
  const [{ user, system }] = (await answer) as [NodeJS.CpuUsage];
  return user + system;
}

function rss(): number {
  const status = readFileSync(`/proc/${business.process.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

function report(quiet: Figures, busy: Figures, rate: number): void {
  const row = (name: string, { cpu: each, requests, rss: memory }: Figures) => [
    name,
    String(requests),
    each.toFixed(0),
    memory.toFixed(0),
  ];
  const text = [
    '# Ten thousand changes of roles in a minute\n',
    `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`npm run bench:role-changes\``,
    `(GET /dashboard by one connection, for a minute each; ${rate.toFixed(0)} changes a minute, each of another user, so that the`,
    `service holds ${USERS} cut-offs afterwards, for as long as JWT_MAX_LIFETIME.)\n`,
    table(
      ['', 'requests', 'CPU of business a request, µs', 'memory of business, MiB'],
      [
        row('quiet', quiet),
        row('while roles change', busy),
        ['ratio', '', (busy.cpu / quiet.cpu).toFixed(2), ''],
      ],
    ),
  ].join('\n');
  process.stdout.write(`\n${text}\n`);
  save('role-changes', text);
}

type Figures = Awaited<ReturnType<typeof hotPath>>;
