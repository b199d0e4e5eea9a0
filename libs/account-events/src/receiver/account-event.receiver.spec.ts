import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, type INestApplicationContext } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DrizzleTransaction } from '../drizzle.js';
import {
  AccountEventsMetrics,
  AccountEventsModule,
  OnAccountEvent,
  SetAsideEvents,
  type AccountEvent,
  type AccountEventsOptions,
} from '../index.js';
import { CLIENT, FakeTransmitter, ISSUER } from '../spec-support/fake-transmitter.js';
import { NotLeading } from '../store/account-event.store.js';
import { openStoreDatabase, type StoreDatabase } from '../spec-support/store-database.js';

describe('a service that receives account events', () => {
  let database: StoreDatabase;
  let auth: FakeTransmitter;
  let broken: Set<string>;

  @Injectable()
  class Handlers {
    @OnAccountEvent('account-purged')
    async erase({ userId, jti }: AccountEvent, tx: DrizzleTransaction): Promise<void> {
      await tx.execute(sql`insert into effects values (${userId})`);
      if (broken.has(userId!) || broken.has(jti)) throw new Error(`cannot erase ${userId}`);
    }

    @OnAccountEvent('session-revoked')
    async endSession({ userId, sessionId }: AccountEvent, tx: DrizzleTransaction): Promise<void> {
      await tx.execute(sql`insert into effects values (${`${userId} ${sessionId}`})`);
    }
  }

  beforeAll(async () => {
    database = await openStoreDatabase();
  });
  beforeEach(async () => {
    auth = await FakeTransmitter.start();
    broken = new Set();
    await database.pool.query(
      'truncate account_events_handled, account_events_set_aside, account_events_lease, effects',
    );
  });
  afterEach(() => auth.stop());
  afterAll(() => database.close());

  const start = (options: Partial<Pick<AccountEventsOptions, 'maxAttempts' | 'store'>> = {}) =>
    auth.startReceiver(Handlers, { store: database.store, clientSecret: 'a secret: +/%', ...options });
  const effects = async () => {
    const { rows } = await database.pool.query<{ what: string }>('select what from effects order by what');
    return rows.map(({ what }) => what);
  };
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await delay(10);
  };
  const metrics = (app: INestApplicationContext) => {
    const counts: Record<string, number> = {};
    app.get(AccountEventsMetrics).showIn({
      gauge: (name, _help, read) => (counts[name] = read()),
      counters: (_name, _help, _label, read) => Object.assign(counts, read()),
    });
    return counts;
  };

  it('asks for the types that it has handlers for, and acknowledges after the transaction of the handler', async () => {
    await start();
    await until(() => auth.polls.length > 0);
    expect(auth.requested).toEqual([
      'https://schemas.openid.net/secevent/caep/event-type/session-revoked',
      'https://schemas.openid.net/secevent/risc/event-type/account-purged',
    ]);
    const credentials = Buffer.from(auth.authorization!.slice('Basic '.length), 'base64').toString();
    expect(credentials).toBe(`${CLIENT}:a%20secret%3A%20%2B%2F%25`);
    const locked = await database.pool.connect();
    await locked.query('begin; lock table effects');
    const jti = await auth.tell('account-purged', 'ada');
    await until(() => auth.polls.length > 2);
    expect(auth.acknowledged).toEqual([]);
    await locked.query('commit');
    locked.release();
    await until(() => auth.acknowledged.includes(jti));
    expect(await effects()).toEqual(['ada']);
  });

  it('handles once what is delivered again, at another replica too', async () => {
    const first = await start();
    const jti = await auth.tell('account-purged', 'ada');
    await until(() => auth.acknowledged.length === 1);
    await first.close();
    const again = await start();
    await auth.tell('account-purged', 'bob');
    await until(() => auth.acknowledged.length === 2);
    // As if the acknowledgement had been lost.
    const { rowCount } = await database.pool.query('select from account_events_handled where jti = $1', [
      jti,
    ]);
    expect(rowCount).toBe(1);
    const token = await tokenOf(jti, 'ada');
    auth.deliver(jti, token);
    await until(() => auth.acknowledged.length === 3);
    expect(await effects()).toEqual(['ada', 'bob']);
    expect(metrics(again)).toMatchObject({ handled: 1, duplicate: 1 });
  });

  async function tokenOf(jti: string, userId: string): Promise<string> {
    let taken = '';
    const deliver = auth.deliver.bind(auth);
    auth.deliver = (_jti, token) => (taken = token);
    await auth.tell('account-purged', userId, { jti });
    auth.deliver = deliver;
    return taken;
  }

  it('holds up one account with an event that fails, and no other', async () => {
    const app = await start();
    broken.add('ada');
    await auth.tell('account-purged', 'ada');
    await auth.tell('session-revoked', 'ada', {
      sub_id: {
        format: 'complex',
        user: { format: 'iss_sub', iss: ISSUER, sub: 'ada' },
        session: { format: 'opaque', id: 'later' },
      },
    });
    await until(() => metrics(app)['failed']! > 0);
    for (let person = 0; person < 20; person++) await auth.tell('account-purged', `person ${person}`);
    await until(() => auth.acknowledged.length === 20);
    expect((await effects()).filter((what) => what.startsWith('ada'))).toEqual([]);
    broken.clear();
    await until(() => auth.acknowledged.length === 22);
    expect((await effects()).filter((what) => what.startsWith('ada'))).toEqual(['ada', 'ada later']);
  });

  it('sets aside what keeps failing, tells auth, and tries again when an operator says so', async () => {
    const app = await start({ maxAttempts: 2 });
    broken.add('ada');
    const jti = await auth.tell('account-purged', 'ada');
    await until(() => auth.refused.has(jti));
    expect(auth.refused.get(jti)).toBe('processing_failed');
    expect(await effects()).toEqual([]);
    const operator = app.get(SetAsideEvents);
    expect(await operator.list()).toMatchObject([
      { event: { jti, userId: 'ada' }, error: 'cannot erase ada', attempts: 2, isRetried: false },
    ]);
    expect(metrics(app)).toMatchObject({ set_aside: 1, account_events_set_aside: 1, failed: 2 });

    broken.clear();
    expect(await operator.retry(jti)).toBe(1);
    await until(async () => (await operator.list()).length === 0);
    expect(await effects()).toEqual(['ada']);
    // Auth is told, though it delivers the event no more.
    await until(() => auth.polls.some(({ ack }) => ack.includes(jti)));
  });

  it('blames no event for a database that is away for longer than all attempts', async () => {
    let isAway = true;
    const begin = (jti: string, holder: string) =>
      isAway ? Promise.reject(new Error('the database is away')) : database.store.begin(jti, holder);
    const store = Object.assign(Object.create(database.store), { begin }) as typeof database.store;
    const app = await start({ maxAttempts: 2, store });
    const jti = await auth.tell('account-purged', 'ada');
    await until(() => metrics(app)['failed']! > 2);
    expect([auth.refused.size, await app.get(SetAsideEvents).list()]).toEqual([0, []]);
    isAway = false;
    await until(() => auth.acknowledged.includes(jti));
    expect(await effects()).toEqual(['ada']);
  });

  it('blames no event for a replica that lost the right to handle it', async () => {
    const { store } = database;
    expect(await store.lead('other', 60)).toBe(true);
    await expect(store.begin('jti', 'late')).rejects.toThrow(NotLeading);
    expect([...(await store.listBegun())]).toEqual([]);
    expect([await store.begin('jti', 'other'), await store.begin('jti', 'other')]).toEqual([1, 2]);
    await store.resign('other');
  });

  it.each<[string, string, Parameters<FakeTransmitter['tell']>[2]]>([
    ['for another audience', 'invalid_audience', { aud: 'mailer' }],
    ['of another issuer', 'invalid_issuer', { iss: 'https://evil.example.org' }],
    ['that is an access token', 'invalid_request', { header: { typ: 'at+jwt' } }],
    ['that expires, as no event does', 'invalid_request', { exp: 9_999_999_999 }],
    ['with a sub, as no event has', 'invalid_request', { sub: 'ada' }],
    ['under another jti', 'invalid_request', { jti: randomUUID() }],
    ['without an event', 'invalid_request', { events: {} }],
    ['without a subject', 'invalid_request', { sub_id: 'ada' }],
  ])('refuses a token %s, and goes on', async (_case, code, changes) => {
    await start();
    const jti = await auth.tell('account-purged', 'ada', changes);
    await until(() => auth.refused.size > 0);
    expect([...auth.refused]).toEqual([[jti, code]]);
    await auth.tell('account-purged', 'bob');
    await until(() => auth.acknowledged.length === 1);
    expect(await effects()).toEqual(['bob']);
  });

  it('refuses what someone else has signed, whatever algorithm it names', async () => {
    await start();
    const forge = (alg: string) =>
      new SignJWT({ iss: ISSUER, aud: CLIENT, jti: alg, sub_id: {}, events: {} })
        .setProtectedHeader({ alg, typ: 'secevent+jwt', kid: 'one' })
        .setIssuedAt();
    auth.deliver(
      'HS256',
      await forge('HS256').sign(new TextEncoder().encode('the public key, say'.repeat(4))),
    );
    auth.deliver('nonsense', 'a.b.c');
    await until(() => auth.refused.size === 2);
    expect(await effects()).toEqual([]);
  });

  it('ignores and acknowledges an event of an unknown type', async () => {
    const app = await start();
    await auth.tell('https://example.org/events/party', 'ada');
    await until(() => auth.acknowledged.length === 1);
    expect(metrics(app)).toMatchObject({ ignored: 1, handled: 0 });
  });

  it('takes an event of another issuer’s account for no account of ours', async () => {
    await start();
    await auth.tell('session-revoked', 'ada', {
      sub_id: { format: 'iss_sub', iss: 'https://other.example.org', sub: 'ada' },
    });
    await until(() => auth.acknowledged.length === 1);
    expect(await effects()).toEqual(['undefined undefined']);
  });

  it('leaves the events to one replica; another takes over when that one stops', async () => {
    const [first, second] = [await start(), await start()];
    await auth.tell('account-purged', 'ada');
    await until(() => auth.acknowledged.length === 1);
    const receiving = [first, second].filter((app) => metrics(app)['account_events_receiving'] === 1);
    expect(receiving).toHaveLength(1);
    await receiving[0]!.close();
    await auth.tell('account-purged', 'bob');
    await until(() => auth.acknowledged.length === 2);
    expect(await effects()).toEqual(['ada', 'bob']);
  });

  it('catches up when auth has been away', async () => {
    await start();
    await until(() => auth.polls.length > 0);
    auth.goAway();
    await auth.tell('account-purged', 'ada');
    await delay(300);
    auth.goAway(false);
    await until(() => auth.acknowledged.length === 1);
    expect(await effects()).toEqual(['ada']);
  });

  it('loses nothing and does nothing twice when its database cuts its connections off', async () => {
    await start();
    const people = Array.from({ length: 60 }, (_, index) => `person ${index}`);
    const cut = setInterval(() => void database.cut(), 50);
    for (const person of people) await auth.tell('account-purged', person);
    await delay(700);
    clearInterval(cut);
    await until(() => auth.acknowledged.length === people.length);
    expect(await effects()).toEqual(people.toSorted());
  });

  it('does not start with options that make no sense, and says which', () => {
    const options = { store: {} as never, authUrl: 'auth', concurrency: 0 };
    expect(() =>
      (AccountEventsModule.forRoot(options).providers![0] as { useFactory: () => unknown }).useFactory(),
    ).toThrow(
      'authUrl (AUTH_URL) must be an http:// or https:// URL\n' +
        'jwksUrl (JWT_JWKS_URL) must be an http:// or https:// URL\n' +
        'concurrency must be a whole number from 1 to 100\nstore must be an AccountEventStore',
    );
  });

  it('knows no event type that there is not', () => {
    expect(() => OnAccountEvent('account-purge' as 'account-purged')).toThrow(TypeError);
  });
});
