/** `npm run bench:refresh`: what a refresh costs beside the one UPDATE that it cannot do without. */
import { createTestDatabase, startTestServer, stopTestServer } from '@app/service-kit/testing';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'pg';
import { buildIfNeeded, ROOT } from '/work/main/scripts/services.ts';
import { machine, save, table } from '/work/main/bench/report.ts';
import { Service } from '/work/main/bench/service.ts';

const SESSIONS = 16;
const ROUNDS = 9;
const REFRESHES = 1_600;
const MANY = 1_000;
const PASSWORD = 'a long and quiet evening';
const UPDATE = `update sessions set counter = counter + 1, last_used_at = now() where id = $1 returning id`;

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run bench:refresh

Refreshes ${SESSIONS} sessions at once over HTTP, and does as many bare UPDATEs of the same rows through pg, in turns; then
again with ${MANY.toLocaleString('en')} more sessions in the table. Prints CPU time a refresh, and writes it to bench/results.md.
`);
  process.exit(0);
}

interface Round {
  /** Microseconds of CPU of one refresh at auth, and of one UPDATE in this process. */
  readonly refresh: number;
  readonly update: number;
  readonly perSecond: number;
}

buildIfNeeded((line) => process.stderr.write(`${line}\n`));
await startTestServer();
const database = await createTestDatabase({
  name: 'auth',
  migrationsFolder: join(ROOT, 'apps/auth/src/database/migrations'),
});
const auth = await Service.start('auth', {
  DATABASE_URL: database.url,
  LOG_LEVEL: 'warn',
  JWT_SECRET: randomBytes(32).toString('hex'),
  REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
  REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
});
const pool = new Pool({ connectionString: database.url, max: 10 });
try {
  const few = await measure();
  process.stderr.write(`adding ${MANY} sessions …\n`);
  await addSessions();
  const many = await measure();
  report(few, many, await planOfUpdate());
} finally {
  await pool.end();
  await auth.stop();
  await stopTestServer();
}

async function measure(): Promise<Round> {
  await auth.post('/auth/register', { email: 'ada@example.com', password: PASSWORD });
  const tokens = await Promise.all(Array.from({ length: SESSIONS }, () => logIn()));
  // Others for the bare UPDATEs: a counter that moves on without its token would end the session.
  await Promise.all(Array.from({ length: SESSIONS }, () => logIn()));
  const { rows } = await pool.query<{ id: string }>('select id from sessions order by id desc limit $1', [
    SESSIONS,
  ]);
  const bare = rows.map(({ id }) => id);
  const rounds: Round[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [cpu, time] = [await cpuOfAuth(), performance.now()];
    await Promise.all(tokens.map((_, index) => refreshAgain(tokens, index)));
    const seconds = (performance.now() - time) / 1000;
    const refresh = ((await cpuOfAuth()) - cpu) / REFRESHES;
    const before = process.cpuUsage();
    await Promise.all(bare.map((id) => updateAgain(id)));
    const { user, system } = process.cpuUsage(before);
    // The first round warms up the compilers on both sides.
    if (round > 0)
      rounds.push({ refresh, update: (user + system) / REFRESHES, perSecond: REFRESHES / seconds });
  }
  const median = (pick: (round: Round) => number) =>
    rounds.map((round) => pick(round)).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? NaN;
  return {
    refresh: median((it) => it.refresh),
    update: median((it) => it.update),
    perSecond: median((it) => it.perSecond),
  };
}

async function refreshAgain(tokens: string[], index: number): Promise<void> {
  for (let count = 0; count < REFRESHES / SESSIONS; count++) {
    const { status, body } = await auth.post('/auth/refresh', { refresh_token: tokens[index] });
    if (status !== 200) throw new Error(`refresh answered ${status}`);
    tokens[index] = (body as { refresh_token: string }).refresh_token;
  }
}

async function updateAgain(id: string): Promise<void> {
  for (let count = 0; count < REFRESHES / SESSIONS; count++)
    await pool.query({ name: 'bare', text: UPDATE, values: [id] });
}

async function logIn(): Promise<string> {
  const { body } = await auth.post('/auth/login', { email: 'ada@example.com', password: PASSWORD });
  return (body as { refresh_token: string }).refresh_token;
}

async function cpuOfAuth(): Promise<number> {
  const text = await (await fetch(`${auth.url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]) * 1e6;
}

async function addSessions(): Promise<void> {
  await pool.query({
    text: `insert into sessions (user_id, seed, expires_at, ends_at, ip)
           select (select id from users limit 1), decode(repeat('00', 32), 'hex'), now() + interval '30 days',
                  now() + interval '90 days', '127.0.0.1' from generate_series(1, ${MANY})`,
  });
  await pool.query('analyze sessions');
}

async function planOfUpdate(): Promise<string> {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
    `explain update sessions set counter = counter + 1 where id = uuidv7() and counter = 1 and expires_at > now()`,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

function report(few: Round, many: Round, plan: string): void {
  const row = (label: string, { refresh, update, perSecond }: Round) => [
    label,
    refresh.toFixed(0),
    update.toFixed(0),
    (refresh / update).toFixed(2),
    perSecond.toFixed(0),
  ];
  const text = [
    '# What a refresh costs\n',
    `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`npm run bench:refresh\``,
    `(${ROUNDS} rounds of ${REFRESHES} refreshes, ${SESSIONS} sessions at once, medians; the client shares the machine). Goal: ratio ≤ 2.0.\n`,
    table(
      ['sessions in the table', 'refresh, CPU µs', 'bare UPDATE, CPU µs', 'ratio', 'refreshes a second'],
      [row(String(SESSIONS), few), row(`${MANY.toLocaleString('en')} more`, many)],
    ),
    `\nThe plan of its UPDATE:\n\n\`\`\`\n${plan}\n\`\`\``,
  ].join('\n');
  process.stdout.write(`\n${text}\n`);

}
