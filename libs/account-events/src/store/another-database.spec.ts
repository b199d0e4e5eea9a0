import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { OnAccountEvent, SetAsideEvents, type AccountEvent } from '../index.js';
import { FakeTransmitter } from '../spec-support/fake-transmitter.js';
import { sqliteStore } from '../spec-support/sqlite-store.js';

describe('a service with a database of another kind', () => {
  const open: DatabaseSync[] = [];
  let folder: string;
  let auth: FakeTransmitter;
  let isBroken: boolean;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signet-sqlite-'));
    auth = await FakeTransmitter.start();
    isBroken = false;
  });
  afterEach(async () => {
    await auth.stop();
    for (const db of open.splice(0)) db.close();
    await rm(folder, { recursive: true });
  });

  class Handlers {
    @OnAccountEvent('account-purged')
    async erase({ userId }: AccountEvent, tx: DatabaseSync): Promise<void> {
      tx.prepare('insert into effects values (?)').run(userId!);
      await delay(1);
      if (isBroken && userId === 'ada') throw new Error('cannot erase');
    }
  }

  async function start() {
    const db = new DatabaseSync(join(folder, 'orders.db'), { timeout: 5_000 });
    open.push(db);
    db.exec('create table if not exists effects (what text)');
    const store = sqliteStore(db);
    const app = await auth.startReceiver(Handlers, { store, concurrency: 1, maxAttempts: 2 });
    return { app, db };
  }
  const effects = (db: DatabaseSync) =>
    db
      .prepare('select what from effects')
      .all()
      .map(({ what }) => what);
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await delay(10);
  };

  it('handles every event once by a store of its own, and sets aside what fails', async () => {
    isBroken = true;
    const { app, db } = await start();
    const jti = await auth.tell('account-purged', 'ada');
    const people = Array.from({ length: 20 }, (_, index) => `person ${index}`);
    for (const person of people) await auth.tell('account-purged', person);
    await until(() => auth.refused.has(jti) && auth.acknowledged.length === people.length);
    expect(effects(db)).toEqual(people);
    const operator = app.get(SetAsideEvents);
    expect(await operator.list()).toMatchObject([
      { event: { jti, userId: 'ada', issuedAt: expect.any(Date) }, error: 'cannot erase', attempts: 2 },
    ]);

    isBroken = false;
    expect(await operator.retry()).toBe(1);
    await until(async () => (await operator.list()).length === 0);
    expect(effects(db)).toEqual([...people, 'ada']);
    expect(db.prepare('select * from begun').all()).toEqual([]);
  });

  it('leaves the events to one replica, and another takes over', async () => {
    const first = await start();
    await auth.tell('account-purged', 'ada');
    await until(() => auth.acknowledged.length === 1);
    const second = await start();
    await first.app.close();
    await auth.tell('account-purged', 'bob');
    await until(() => auth.acknowledged.length === 2);
    expect(effects(second.db)).toEqual(['ada', 'bob']);
  });

  it('finds that store in the README', () => {
    const [readme, code] = ['../../README.md', '../spec-support/sqlite-store.ts'].map((file) =>
      readFileSync(join(import.meta.dirname, file), 'utf8'),
    );
    expect(readme).toContain(code);
  });
});
