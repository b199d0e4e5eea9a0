import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { setTimeout as delay } from 'node:timers/promises';
import type { DrizzleTransaction } from '../drizzle.js';
import { EVENT_TYPES, OnAccountEvent, type AccountEvent } from '../index.js';
import { FakeTransmitter } from '../spec-support/fake-transmitter.js';
import { openStoreDatabase, type StoreDatabase } from '../spec-support/store-database.js';

class OldHandlers {
  @OnAccountEvent('account-purged')
  async erase({ userId }: AccountEvent, tx: DrizzleTransaction): Promise<void> {
    await tx.execute(sql`insert into effects values (${`erased ${userId}`})`);
  }
}

class NewHandlers extends OldHandlers {
  @OnAccountEvent('account-disabled')
  async shutOut({ userId }: AccountEvent, tx: DrizzleTransaction): Promise<void> {
    await tx.execute(sql`insert into effects values (${`shut out ${userId}`})`);
  }
}

describe('a service whose new version handles more types of events', () => {
  const both = [EVENT_TYPES['account-disabled'], EVENT_TYPES['account-purged']];
  let database: StoreDatabase;
  let auth: FakeTransmitter;
  beforeAll(async () => {
    database = await openStoreDatabase();
  });
  beforeEach(async () => {
    auth = await FakeTransmitter.start();
    await database.pool.query('truncate account_events_handled, account_events_lease, effects');
  });
  afterEach(() => auth.stop());
  afterAll(() => database.close());

  const start = (handlers: Type) => auth.startReceiver(handlers, { store: database.store });
  const effects = async () =>
    (await database.pool.query<{ what: string }>('select what from effects')).rows.map(({ what }) => what);
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await delay(10);
  };

  /** The new version has asked for its types, and is away for a moment in which the old one has the right. */
  async function leaveOnlyTheOld(): Promise<void> {
    const replica = await start(NewHandlers);
    await until(() => auth.requested?.length === 2);
    await replica.close();
    await start(OldHandlers);
  }

  it('loses none of them to a replica of the old version', async () => {
    await leaveOnlyTheOld();
    const jti = await auth.tell('account-disabled', 'ada');
    const before = auth.lookups;
    await until(() => auth.lookups > before + 1 || auth.acknowledged.length > 0);
    expect(auth.requested).toEqual(both);
    expect(auth.acknowledged).toEqual([]);

    await start(NewHandlers);
    await until(() => auth.acknowledged.includes(jti));
    expect(await effects()).toEqual(['shut out ada']);
    expect(auth.requested).toEqual(both);
  });

  it('goes back to the old version, whose replicas go on when none of the new one is left', async () => {
    await leaveOnlyTheOld();
    await auth.tell('account-purged', 'ada');
    await until(() => auth.acknowledged.length === 1);
    expect(await effects()).toEqual(['erased ada']);
    expect(auth.requested).toEqual([EVENT_TYPES['account-purged']]);
  });
});
