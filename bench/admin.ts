/** `npm run bench:admin`: finding users among a thousand and among a million, over HTTP, with the plans. */
import { stopTestServer } from '@signet/service-kit/testing';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Client } from 'pg';
import { usersQuery, type UserFilter } from '../apps/auth/src/admin/user-search.query.ts';
import { administrator } from '../test/support/administration.ts';
import setUp from '../test/support/e2e-setup.ts';
import { request } from '../test/support/http.ts';
import { AuthReplicas } from '../test/support/sessions.ts';
import { help, publish, table } from './report.ts';
import { median } from './statistics.ts';

const SIZES = [1_000, 1_000_000];
const ROUNDS = 200;
/** In the middle of all of them, by address and by id. */
const MIDDLE = 'user-5@';

help(`Usage: npm run bench:admin

Lists and searches users by GET /admin/users, among ${SIZES.join(' and ')}, of whom one in a hundred has a role and one in a
thousand is disabled. Prints, and writes to bench/results.md, the median of ${ROUNDS} calls each and how PostgreSQL finds them.
`);

interface Question {
  readonly path: string;
  readonly filter: Omit<UserFilter, 'limit'>;
}

await setUp();
const medians = new Map<string, number[]>();
const plans: string[] = [];
try {
  for (const size of SIZES) await measure(size);
} finally {
  await stopTestServer();
}
report();

async function measure(size: number): Promise<void> {
  process.stderr.write(`${size} users …\n`);
  const replicas = await AuthReplicas.prepare();
  const client = await replicas.connect();
  const auth = await replicas.start();
  try {
    await fill(client, size);
    const { access_token: token } = await administrator(replicas, auth);
    for (const [name, { path, filter }] of Object.entries(await questions(client))) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const began = performance.now();
        const { status } = await request('GET', `${auth.url}/admin/users?limit=20${path}`, { token });
        times.push(performance.now() - began);
        if (status !== 200) throw new Error(`${name} answered ${status}`);
      }
      medians.set(name, [...(medians.get(name) ?? []), median(times)]);
      if (size === SIZES.at(-1)) plans.push(...(await planOf(client, name, filter)));
    }
  } finally {
    await client.end();
    await replicas.end();
  }
}

async function fill(client: Client, size: number): Promise<void> {
  await client.query(`insert into roles (name) values ('support'), ('rare')`);
  await client.query(
    `insert into users (email, password_hash, disabled_at)
      select 'user-' || g || '@example.com', '', case when g % 1000 = 7 then now() end from generate_series(1, $1::int) g`,
    [size],
  );
  await client.query(
    `insert into user_roles (user_id, role) select id, 'support' from (
      select id, row_number() over (order by id) as n from users) u where n % 100 = 0`,
  );
  await client.query(
    `insert into user_roles (user_id, role) select id, 'rare' from users order by id limit 3`,
  );
  await client.query('vacuum (analyze) users');
  await client.query('vacuum (analyze) user_roles');
}

async function questions(client: Client): Promise<Record<string, Question>> {
  const { rows } = await client.query<{ id: string }>(
    'select id from users order by id offset (select count(*) / 2 from users) limit 1',
  );
  const { id = '' } = rows[0] ?? {};
  return {
    'all, first page': { path: '', filter: {} },
    'all, page in the middle': { path: `&cursor=${id}`, filter: { after: id } },
    'by id': { path: `&query=${id}`, filter: { id } },
    'by address': { path: `&query=${MIDDLE}`, filter: { emailPrefix: MIDDLE } },
    'by a prefix of all': { path: '&query=user', filter: { emailPrefix: 'user' } },
    'by a role of one in a hundred': { path: '&role=support', filter: { role: 'support' } },
    'by a role of three': { path: '&role=rare', filter: { role: 'rare' } },
    'by prefix and role': {
      path: '&query=user&role=support',
      filter: { emailPrefix: 'user', role: 'support' },
    },
    disabled: { path: '&disabled=true', filter: { isDisabled: true } },
    'not disabled': { path: '&disabled=false', filter: { isDisabled: false } },
    'disabled, with a role': {
      path: '&disabled=true&role=support',
      filter: { isDisabled: true, role: 'support' },
    },
  };
}

/** @throws {Error} when users are read from the table from its beginning to its end */
async function planOf(client: Client, name: string, filter: Omit<UserFilter, 'limit'>): Promise<string[]> {
  const { sql, params } = new PgDialect().sqlToQuery(usersQuery({ ...filter, limit: 21 }));
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${sql}`, params);
  const lines = rows.map((row) => `  ${row['QUERY PLAN']}`);
  if (lines.some((line) => line.includes('Seq Scan')))
    throw new Error(`${name} reads a whole table:\n${lines.join('\n')}`);
  return [name, ...lines];
}

function report(): void {
  publish(
    'admin',
    'Finding users',
    `(medians of ${ROUNDS} calls of GET /admin/users over HTTP, one after the other, 20 users a page.)\n`,
    table(
      ['', ...SIZES.map((size) => `among ${size}, ms`), 'ratio'],
      [...medians].map(([name, [few = NaN, many = NaN]]) => [
        name,
        few.toFixed(2),
        many.toFixed(2),
        (many / few).toFixed(2),
      ]),
    ),
    `\nHow PostgreSQL finds them among ${SIZES.at(-1)}:\n`,
    ['```', ...plans, '```'].join('\n'),
  );
}
