/** `npm run bench:events`: how soon an account event is handled, and how many can be written and drained. */
import { stopTestServer } from '@signet/service-kit/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import { deploy } from '../test/support/deployment.ts';
import setUp from '../test/support/e2e-setup.ts';
import { request } from '../test/support/http.ts';
import { metricIs } from '../test/support/metrics.ts';
import { addClient, basic, type RegisteredClient } from '../test/support/oauth.ts';
import { newKeyRing } from '../test/support/secrets.ts';
import { beginSession, newPerson, PASSWORD } from '../test/support/sessions.ts';
import { help, publish, table } from './report.ts';
import { percentile } from './statistics.ts';

const DELETIONS = 200;
const WRITTEN = 20_000;
const DRAINED_BY_BUSINESS = 5_000;
const WRITERS = 8;
const PURGED = 'https://schemas.openid.net/secevent/risc/event-type/account-purged';

help(`Usage: npm run bench:events

Deletes ${DELETIONS} accounts one after the other and takes, by PostgreSQL's clock, how long after the transaction of the
deletion business began the one that erased the tasks. Then writes ${WRITTEN} events to the outbox of a receiver, one a
transaction, and drains them over HTTP; and ${DRAINED_BY_BUSINESS} that business handles, one a transaction.
`);

await setUp();
const ring = newKeyRing();
const { auth, business, replicas } = await deploy(ring);
const authDb = new Pool({ connectionString: replicas.database.url, max: WRITERS });
const businessDb = new Pool({ connectionString: await replicas.urlOf('business'), max: 2 });
try {
  await metricIs(business, 'account_events_receiving', 1);
  const latencies = await deletePeople();
  const written = await write('crm', WRITTEN);
  const drained = await drain(written.client);
  const handled = await drainByBusiness();
  report(latencies, written.perSecond, drained, handled);
} finally {
  await Promise.all([authDb.end(), businessDb.end()]);
  await replicas.end();
  await stopTestServer();
}

/** Milliseconds from each deletion to its erasure, by the clock of the server that both databases are on. */
async function deletePeople(): Promise<number[]> {
  for (let person = 0; person < DELETIONS; person++) {
    const { access_token: token } = await beginSession(auth, await newPerson(auth));
    const { status } = await request('DELETE', `${auth.url}/auth/me`, {
      token,
      body: { password: PASSWORD },
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
  return erasures.rows.map(({ jti, at }) => ((handled.get(jti) ?? Infinity) - at) * 1000);
}

/** One event a transaction, in the way of `AccountEventsRepository.record`. */
async function write(id: string, count: number): Promise<{ perSecond: number; client: RegisteredClient }> {
  const client = await addClient(id, `--audience ${id} --scope events`, { ...replicas.environment, ...ring });
  const began = performance.now();
  let left = count;
  const writer = async () => {
    while (left-- > 0) {
      await authDb.query({
        name: 'write',
        text: `insert into account_events (client_id, type, user_id, txn) values ($1, $2, $3, $4)`,
        values: [id, PURGED, randomUUID(), randomUUID()],
      });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return { perSecond: count / ((performance.now() - began) / 1000), client };
}

/** By a receiver that acknowledges everything at once. @returns events a second */
async function drain(client: RegisteredClient): Promise<number> {
  const began = performance.now();
  let count = 0;
  for (let ack: string[] = []; ;) {
    const { body } = await request<{ sets: object }>('POST', `${auth.url}/ssf/poll`, {
      headers: basic(client),
      body: { ack, maxEvents: 250, returnImmediately: true },
    });
    ack = Object.keys(body.sets);
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
  const at = (share: number) => `${percentile(latencies, share).toFixed(0)} ms`;
  const perSecond = (count: number) => `${Math.round(count).toLocaleString('en')} /s`;
  publish(
    'events',
    'Account events',
    `(one auth, one business, one PostgreSQL; ES256). From the transaction of ${DELETIONS} deletions to the one that erased the tasks:\n`,
    table(['p50', 'p90', 'p99', 'max'], [[at(0.5), at(0.9), at(0.99), at(1)]]),
    `\nWritten to the outbox, one a transaction over ${WRITERS} connections; drained over HTTP by a receiver that acknowledges`,
    'at once (250 an answer, signed when delivered); handled by business, one a transaction:\n',
    table(['written', 'drained', 'handled'], [[perSecond(written), perSecond(drained), perSecond(handled)]]),
  );
}
