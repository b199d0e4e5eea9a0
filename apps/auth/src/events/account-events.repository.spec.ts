import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '@signet/account-events';
import { randomUUID } from 'node:crypto';
import type { AccountEvent } from './account-event.js';
import { openOutbox, type TestOutbox } from './testing/outbox.js';

const ada = randomUUID();
const bob = randomUUID();
const purged = (userId: string): AccountEvent => ({ type: 'account-purged', userId });
const claimsChanged = (userId: string, version: number): AccountEvent => ({
  type: 'token-claims-change',
  userId,
  claims: { version },
  by: 'admin',
});

/** As `Date.toISOString()` writes it. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('the outbox of account events', () => {
  let test: TestOutbox;
  beforeAll(async () => {
    test = await openOutbox();
  });
  beforeEach(() => test.empty());
  afterAll(() => test.close());

  const waiting = (clientId: string) => test.outbox.listUnacknowledged(clientId, 1_000);

  it('holds an event for every stream that asked for its type, each with a jti of its own', async () => {
    await test.streams.open('all');
    await test.streams.open('purges', { eventsRequested: [EVENT_TYPES['account-purged']] });
    await test.streams.open('none', { eventsRequested: [] });
    await test.record(purged(ada), { type: 'account-disabled', userId: bob });
    const [forAll, forPurges] = [await waiting('all'), await waiting('purges')];
    expect(forAll.map(({ type, userId }) => [type, userId])).toEqual([
      [EVENT_TYPES['account-purged'], ada],
      [EVENT_TYPES['account-disabled'], bob],
    ]);
    expect(forPurges.map(({ userId }) => userId)).toEqual([ada]);
    expect(forPurges[0]?.jti).not.toBe(forAll[0]?.jti);
    expect(forPurges[0]?.txn).toBe(forAll[0]?.txn);
    expect(await waiting('none')).toEqual([]);
  });

  it('gives all events of one change the same txn, and those of another change another', async () => {
    await test.streams.open('business');
    await test.db.transaction(async (tx) => {
      await test.events.record(tx, { type: 'sessions-revoked', userId: ada });
      await test.events.record(tx, purged(ada));
    });
    await test.record(purged(bob));
    const [first, second, other] = (await waiting('business')).map(({ txn }) => txn);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('has nothing of a change that was rolled back', async () => {
    await test.streams.open('business');
    const failure = test.db.transaction(async (tx) => {
      await test.events.record(tx, purged(ada));
      throw new Error('the change fails');
    });
    await expect(failure).rejects.toThrow('the change fails');
    expect(await waiting('business')).toEqual([]);
    expect(await test.erasures.list({ limit: 10 })).toEqual([]);
  });

  it('gives what was written first and committed last, after a later event has been acknowledged', async () => {
    await test.streams.open('business');
    const before = await test.outbox.changedSince(undefined);
    const late = await test.pool.connect();
    await late.query('begin');
    await late.query(
      `insert into account_events (client_id, type, user_id, txn) values ('business', 'late', $1, gen_random_uuid())`,
      [ada],
    );
    await test.record(purged(bob));
    const first = await test.outbox.changedSince(before.horizon);
    const [early] = await waiting('business');
    expect(early?.userId).toBe(bob);
    await test.db.transaction((tx) => test.outbox.removeAcknowledged(tx, 'business', [early!.jti]));

    await late.query('commit');
    late.release();
    expect((await waiting('business')).map(({ userId }) => userId)).toEqual([ada]);
    // A poll that waits hears of it too: the horizon has not gone past the transaction that was still open.
    expect((await test.outbox.changedSince(first.horizon)).clientIds).toEqual(['business']);
  });

  it('keeps the order of the changes of one account, however many change it at once', async () => {
    await test.streams.open('business');
    await test.pool.query('create table if not exists locked (id uuid primary key, version int not null)');
    await test.pool.query('insert into locked values ($1, 0) on conflict (id) do update set version = 0', [
      ada,
    ]);
    const change = () =>
      test.db.transaction(async (tx) => {
        const { rows } = await tx.execute<{ version: number }>(
          `update locked set version = version + 1 where id = '${ada}' returning version`,
        );
        await test.events.record(tx, claimsChanged(ada, rows[0]!.version));
      });
    await Promise.all(Array.from({ length: 40 }, change));
    const versions = (await waiting('business')).map(
      ({ claims }) => (claims as { claims: { version: number } }).claims.version,
    );
    expect(versions).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  it('keeps an address that would be SQL or JSON as it is', async () => {
    await test.streams.open('business');
    const email = `a"}]',\\'; drop table users; --\u2028@example.org`;
    await test.record({ type: 'identifier-changed', userId: ada, email });
    expect((await waiting('business'))[0]?.claims).toEqual({ 'new-value': email });
  });

  it('forgets the addresses of a person who is deleted before a service was told of them', async () => {
    await test.streams.open('business');
    await test.record(
      { type: 'identifier-changed', userId: ada, email: 'ada@example.org' },
      { type: 'identifier-changed', userId: bob, email: 'bob@example.org' },
    );
    await test.record(purged(ada));
    const claims = (await waiting('business')).map((event) => event.claims);
    expect(claims).toEqual([{}, { 'new-value': 'bob@example.org' }, {}]);
  });

  it('begins a receipt for each service that is told of a deletion, which only that service can confirm', async () => {
    await test.streams.open('business');
    await test.streams.open('mailer');
    await test.record(purged(ada));
    const jti = (await waiting('business'))[0]!.jti;
    await test.db.transaction((tx) => test.erasures.confirm(tx, 'mailer', [jti]));
    expect(await test.erasures.list({ limit: 10 })).toMatchObject([
      { user_id: ada, state: 'pending', services: [{ confirmed_at: null }, { confirmed_at: null }] },
    ]);

    await test.db.transaction((tx) => test.erasures.confirm(tx, 'business', [jti]));
    const [erasure] = await test.erasures.list({ limit: 10 });
    expect(erasure?.state).toBe('pending');
    expect(erasure?.services).toMatchObject([
      { client_id: 'business', confirmed_at: expect.stringMatching(ISO_TIME) },
      { client_id: 'mailer', confirmed_at: null },
    ]);
  });

  it('calls a deletion overdue when a service has not confirmed it in time, and reports it once', async () => {
    await test.streams.open('business');
    await test.record(purged(ada), purged(bob));
    const jti = (await waiting('business'))[0]!.jti;
    await test.db.transaction((tx) => test.erasures.confirm(tx, 'business', [jti]));
    await test.pool.query(`update erasure_receipts set erased_at = now() - interval '1 hour'`);
    expect(await test.erasures.statistics()).toEqual({ pending: 1, overdue: 1 });
    expect(await test.erasures.reportOverdue(10)).toEqual([{ clientId: 'business', count: 1 }]);
    expect(await test.erasures.reportOverdue(10)).toEqual([]);
    const states = await Promise.all(
      (['overdue', 'confirmed', 'pending'] as const).map((state) => test.erasures.list({ state, limit: 10 })),
    );
    expect(states.map((erasures) => erasures.map(({ user_id }) => user_id))).toEqual([[bob], [ada], []]);
  });

  it('repeats deletions that a service confirmed after the backup that it was restored from', async () => {
    await test.streams.open('business');
    await test.streams.open('mailer');
    const carol = randomUUID();
    await test.record(purged(ada), purged(bob), purged(carol));
    const confirm = async (clientId: string, ...people: string[]) => {
      const events = (await waiting(clientId)).filter(({ userId }) => people.includes(userId!));
      const jtis = events.map(({ jti }) => jti);
      await test.db.transaction(async (tx) => {
        await test.outbox.removeAcknowledged(tx, clientId, jtis);
        await test.erasures.confirm(tx, clientId, jtis);
      });
    };
    await confirm('business', ada, bob);
    await confirm('mailer', ada, bob, carol);
    const backup = new Date(Date.now() - 3_600_000);
    await test.pool.query(
      `update erasure_receipts set confirmed_at = now() - interval '1 day' where user_id = $1`,
      [ada],
    );
    const [before] = await waiting('business');
    expect(await test.erasures.repeat('business', backup)).toBe(1);
    expect(await test.erasures.repeat('nobody', backup)).toBe(0);
    expect((await waiting('business')).map(({ userId }) => userId)).toEqual([carol, bob]);
    expect((await waiting('business'))[0]?.jti).toBe(before?.jti);
    expect(await waiting('mailer')).toEqual([]);
    const receiptsOf = async (userId: string) =>
      (await test.erasures.list({ userId, limit: 1 }))[0]?.services;
    expect(await receiptsOf(bob)).toMatchObject([
      { client_id: 'business', confirmed_at: null, told_at: null },
      { client_id: 'mailer', confirmed_at: expect.stringMatching(ISO_TIME) },
    ]);
    await confirm('business', bob, carol);
    expect(await test.erasures.statistics()).toEqual({ pending: 0, overdue: 0 });
  });

  it('lists deletions page by page, the newest first', async () => {
    await test.streams.open('business');
    const people = Array.from({ length: 5 }, () => randomUUID());
    for (const person of people) await test.record(purged(person));
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await test.erasures.list({ after, limit: 2 });
      if (page.length === 0) break;
      seen.push(...page.map(({ user_id }) => user_id));
      after = page.at(-1)?.user_id;
    }
    expect(seen).toEqual(people.toReversed());
  });

  it('is bounded: what no receiver acknowledges is set aside, can be delivered again, and is dropped at last', async () => {
    await test.streams.open('business');
    await test.record(purged(ada), purged(bob));
    expect(await test.outbox.setAsideExpired(3600, 10)).toEqual([]);
    await test.pool.query(`update account_events set waits_since = now() - interval '2 hours'`);
    expect(await test.outbox.setAsideExpired(3600, 10)).toEqual([{ clientId: 'business', count: 2 }]);
    expect(await waiting('business')).toEqual([]);
    expect(await test.outbox.statistics()).toMatchObject({ waiting: 0, setAside: 2 });
    const [aside] = await test.outbox.listSetAside({ clientId: 'business', limit: 10 });
    expect(aside?.setAsideBecause).toBe('expired');

    expect(await test.outbox.deliverAgain({ jti: aside!.jti })).toBe(1);
    expect((await waiting('business')).map(({ userId }) => userId)).toEqual([ada]);
    expect(await test.outbox.setAsideExpired(3600, 10)).toEqual([]);
    await test.pool.query(`update account_events set set_aside_at = now() - interval '2 hours'
      where set_aside_at is not null`);
    expect(await test.outbox.removeSetAside(3600, 10)).toEqual([{ clientId: 'business', count: 1 }]);
    expect(await test.outbox.statistics()).toMatchObject({ waiting: 1, setAside: 0 });
  });

  it('loses what waits in a stream that is closed, and keeps the receipts', async () => {
    await test.streams.open('business');
    await test.record(purged(ada));
    await test.streams.close('business');
    expect(await waiting('business')).toEqual([]);
    expect(await test.erasures.list({ limit: 10 })).toMatchObject([{ user_id: ada, state: 'pending' }]);
  });
});
