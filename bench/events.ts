/** `npm run bench:events`: how soon an account event is handled, and how many can be written and drained. */
import { createTestDatabase, startTestServer, stopTestServer } from '@signet/service-kit/testing';
import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import { buildIfNeeded, entryOf, ROOT, type App } from '../scripts/services.ts';
import { machine, save, table } from './report.ts';
import { Service } from './service.ts';

const DELETIONS = 200;
const WRITTEN = 20_000;
const DRAINED_BY_BUSINESS = 5_000;
const WRITERS = 8;
const PASSWORD = 'a long and quiet evening';
const PURGED = 'https://schemas.openid.net/secevent/risc/event-type/account-purged';

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run bench:events

Deletes ${DELETIONS} accounts one after the other and takes, by PostgreSQL's clock, how long after the transaction of the
deletion business began the one that erased the tasks. Then writes ${WRITTEN} events to the outbox of a receiver, one a
transaction, and drains them over HTTP; and ${DRAINED_BY_BUSINESS} that business handles, one a transaction.
`);
  process.exit(0);
}

buildIfNeeded((line) => process.stderr.write(`${line}\n`));
await startTestServer();
const urls = { auth: await database('auth'), business: await database('business') };
const environment = {
  REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
  REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
  KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  JWT_ALGORITHM: 'ES256',
  RATE_LIMITS: 'off',
};
const auth = await Service.start('auth', { ...environment, DATABASE_URL: urls.auth });
const business = await Service.start('business', {
  ...environment,
  DATABASE_URL: urls.business,
  AUTH_URL: auth.url,
});
const authDb = new Pool({ connectionString: urls.auth, max: WRITERS });
const businessDb = new Pool({ connectionString: urls.business, max: 2 });
try {
  await business.hasMetric('account_events_receiving 1');
  const latencies = await deletePeople();
  const written = await write('crm', WRITTEN);
  const drained = await drain(written.secret);
  const handled = await drainByBusiness();
  report(latencies, written.perSecond, drained, handled);
} finally {
  await Promise.all([authDb.end(), businessDb.end()]);
  await Promise.all([auth, business].map((service) => service.stop()));
  await stopTestServer();
}

async function database(app: App): Promise<string> {
  const migrationsFolder = join(ROOT, 'apps', app, 'src/database/migrations');
  return (await createTestDatabase({ name: app, migrationsFolder })).url;
}

/** Milliseconds from each deletion to its erasure, by the clock of the server that both databases are on. */
async function deletePeople(): Promise<number[]> {
  for (let person = 0; person < DELETIONS; person++) {
    const body = { email: `person-${person}@example.org`, password: PASSWORD };
    await auth.post('/auth/register', body);
    const login = await auth.post('/auth/login', body);
    const headers = {
      authorization: `Bearer ${(login.body as { access_token: string }).access_token}`,
      'content-type': 'application/json',
    };
    const { status } = await fetch(`${auth.url}/auth/me`, {
      method: 'DELETE',
      headers,
      body: JSON.stringify({ password: PASSWORD }),
    });
    if (status !== 204) throw new Error(`a deletion answered ${status}`);
  }
  const erasures = await authDb.query<{ jti: string; at: number }>(
    'select jti, extract(epoch from erased_at)::float8 as at from erasure_receipts',
  );
  let handled = new Map<string, number>();
  while (handled.size < DELETIONS) {
    const { rows } = await businessDb.query<{ jti: string; at: number }>(
      'select jti, extract(epoch from handled_at)::float8 as at from account_events_handled',
    );
    handled = new Map(rows.map(({ jti, at }) => [jti, at]));
    await delay(50);
  }
  return erasures.rows
    .map(({ jti, at }) => ((handled.get(jti) ?? Infinity) - at) * 1000)
    .toSorted((a, b) => a - b);
}

/** One event a transaction, in the way of `AccountEventsRepository.record`. */
async function write(client: string, count: number): Promise<{ perSecond: number; secret: string }> {
  const added = spawnSync(
    process.execPath,
    [entryOf('auth'), 'clients', 'add', client, '--audience', client, '--scope', 'events', '--json'],
    { env: { ...process.env, ...environment, DATABASE_URL: urls.auth }, encoding: 'utf8' },
  );
  const { client_secret: secret } = JSON.parse(added.stdout) as { client_secret: string };
  const began = performance.now();
  let left = count;
  const writer = async () => {
    while (left-- > 0) {
      await authDb.query({
        name: 'write',
        text: `insert into account_events (client_id, type, user_id, txn) values ($1, $2, $3, $4)`,
        values: [client, PURGED, randomUUID(), randomUUID()],
      });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return { perSecond: count / ((performance.now() - began) / 1000), secret };
}

/** By a receiver that acknowledges everything at once. @returns events a second */
async function drain(secret: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`crm:${secret}`).toString('base64')}`;
  const began = performance.now();
  let count = 0;
  for (let ack: string[] = []; ;) {
    const response = await fetch(`${auth.url}/ssf/poll`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ ack, maxEvents: 250, returnImmediately: true }),
    });
    ack = Object.keys(((await response.json()) as { sets: object }).sets);
    if (ack.length === 0) return count / ((performance.now() - began) / 1000);
    count += ack.length;
  }
}

/** What business handles, each in a transaction of its own. @returns events a second */
async function drainByBusiness(): Promise<number> {
  await authDb.query(
    `insert into account_events (client_id, type, user_id, txn)
      select 'business', $1, gen_random_uuid(), gen_random_uuid() from generate_series(1, $2)`,
    [PURGED, DRAINED_BY_BUSINESS],
  );
  const began = performance.now();
  for (;;) {
    const { rows } = await authDb.query<{ count: string }>(
      `select count(*) from account_events where client_id = 'business'`,
    );
    if (rows[0]?.count === '0') return DRAINED_BY_BUSINESS / ((performance.now() - began) / 1000);
    await delay(50);
  }
}

function report(latencies: readonly number[], written: number, drained: number, handled: number): void {
  const at = (share: number) =>
    `${(latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? NaN).toFixed(0)} ms`;
  const perSecond = (count: number) => `${Math.round(count).toLocaleString('en')} /s`;
  const text = [
    '# Account events\n',
    `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`npm run bench:events\``,
    `(one auth, one business, one PostgreSQL; ES256). From the transaction of ${DELETIONS} deletions to the one that erased the tasks:\n`,
    table(['p50', 'p90', 'p99', 'max'], [[at(0.5), at(0.9), at(0.99), at(1)]]),
    `\nWritten to the outbox, one a transaction over ${WRITERS} connections; drained over HTTP by a receiver that acknowledges`,
    'at once (250 an answer, signed when delivered); handled by business, one a transaction:\n',
    table(['written', 'drained', 'handled'], [[perSecond(written), perSecond(drained), perSecond(handled)]]),
  ].join('\n');
  process.stdout.write(`\n${text}\n`);
  save('events', text);
}
