/** `npm run bench:role-changes`: what ten thousand changes of roles in a minute cost a service that hears of them. */
import { stopTestServer } from '@signet/service-kit/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { AdminApi, administrator } from '../test/support/administration.ts';
import setUp from '../test/support/e2e-setup.ts';
import { request } from '../test/support/http.ts';
import { metricIs } from '../test/support/metrics.ts';
import { AuthReplicas, beginSession, newPerson } from '../test/support/sessions.ts';
import { cpuOf, memoryOf, reportingCpu } from './process.ts';
import { help, publish, table } from './report.ts';

const CHANGES = 10_000;
const USERS = 10_000;
const MINUTE_MS = 60_000;
const AT_ONCE = 8;

help(`Usage: npm run bench:role-changes

Shows a token to business without a pause for three minutes: a quiet one, one in which an administrator asks for ${CHANGES}
changes of roles that change nothing, and one in which they do. Prints, and writes to bench/results.md, CPU time of a
request and memory of business in each.
`);

await setUp();
const replicas = await AuthReplicas.prepare();
const auth = await replicas.start();
const business = await replicas.startService('business', { AUTH_URL: auth.url }, reportingCpu('business'));
try {
  const { admin, users } = await fill();
  await hotPath(5_000);
  const quiet = await hotPath(MINUTE_MS);
  const asking = change(admin, users, []);
  const asked = await hotPath(MINUTE_MS);
  await asking;
  const changing = change(admin, users, ['support']);
  const changed = await hotPath(MINUTE_MS);
  report(quiet, asked, changed, await changing);
} finally {
  await replicas.end();
  await stopTestServer();
}

async function fill(): Promise<{ admin: AdminApi; users: { id: string }[] }> {
  const root = await administrator(replicas, auth);
  await replicas.query(`insert into roles (name) values ('support')`);
  const users = await replicas.query<{ id: string }>(
    `insert into users (email, password_hash)
      select 'user-' || g || '@bench.example', '' from generate_series(1, $1::int) g returning id`,
    [USERS],
  );
  await metricIs(business, 'revocation_feed_connected', 1);
  return { admin: new AdminApi(auth, root.access_token), users };
}

/** Requests with one token, one after the other. */
async function hotPath(ms: number): Promise<{ cpu: number; requests: number; rss: number }> {
  const { access_token: token } = await beginSession(auth, await newPerson(auth));
  const [before, until] = [await cpuOf(business), performance.now() + ms];
  let requests = 0;
  for (; performance.now() < until; requests++) {
    const { status } = await request('GET', `${business.url}/dashboard`, { token });
    if (status !== 200) throw new Error(`business answered ${status}`);
  }
  const cpu = ((await cpuOf(business)) - before) / requests;
  return { cpu, requests, rss: memoryOf(business.process.pid) / 2 ** 20 };
}

/** @returns how many changes a minute that were */
async function change(
  admin: AdminApi,
  users: readonly { readonly id: string }[],
  roles: readonly string[],
): Promise<number> {
  const began = performance.now();
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < CHANGES; index = next++) {
      const due = began + (index / CHANGES) * MINUTE_MS * 0.95;
      if (performance.now() < due) await delay(due - performance.now());
      await admin.setRolesOf(users[index % users.length]!, ...roles);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, () => worker()));
  return (CHANGES / (performance.now() - began)) * MINUTE_MS;
}

function report(quiet: Figures, asked: Figures, changed: Figures, rate: number): void {
  const row = (name: string, { cpu: each, requests, rss: memory }: Figures) => [
    name,
    String(requests),
    each.toFixed(0),
    (each / quiet.cpu).toFixed(2),
    memory.toFixed(0),
  ];
  publish(
    'role-changes',
    'Ten thousand changes of roles in a minute',
    `(GET /dashboard by one connection, for a minute each; ${rate.toFixed(0)} changes a minute, each of another user, so that the`,
    `service holds ${USERS} cut-offs afterwards, for as long as JWT_MAX_LIFETIME. Auth, PostgreSQL and the service share two`,
    'cores: what that costs shows where as many changes are asked for that change nothing.)\n',
    table(
      ['', 'requests', 'CPU of business a request, µs', '/ quiet', 'memory of business, MiB'],
      [row('quiet', quiet), row('while changes change nothing', asked), row('while roles change', changed)],
    ),
  );
}

type Figures = Awaited<ReturnType<typeof hotPath>>;
