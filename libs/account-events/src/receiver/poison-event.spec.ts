import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeTransmitter } from '../spec-support/fake-transmitter.js';
import { openStoreDatabase, type StoreDatabase } from '../spec-support/store-database.js';

const ROOT = join(import.meta.dirname, '../../../..');
const IMPORTS = join(ROOT, 'test/support/decorator-imports.ts');
const SERVICE = join(import.meta.dirname, '../spec-support/dying-service.ts');

describe('an event whose handler ends the process', () => {
  let database: StoreDatabase;
  let auth: FakeTransmitter;
  let service: ChildProcess | undefined;
  beforeAll(async () => {
    database = await openStoreDatabase();
  });
  beforeEach(async () => {
    auth = await FakeTransmitter.start();
  });
  afterEach(async () => {
    service?.kill('SIGKILL');
    await auth.stop();
  });
  afterAll(() => database.close());

  /** As a supervisor does, but at once: nobody waits for the right of the process that died to run out. */
  async function start(): Promise<ChildProcess> {
    await database.pool.query('delete from account_events_lease');
    const args = ['--import', IMPORTS, SERVICE, database.schema, auth.url, 'poison'];
    return (service = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  }

  it('is set aside after as many attempts as one that fails, and takes no other with it', async () => {
    const jti = await auth.tell('account-purged', 'poison');
    const others = ['ada', 'bob', 'carol', 'dave', 'eve', 'frank'];
    for (const other of others) await auth.tell('account-purged', other);
    const deaths: unknown[] = [];
    for (let life = 0; life < 6 && !auth.refused.has(jti); life++) {
      const died = once(await start(), 'exit').then(([code, signal]: unknown[]) =>
        deaths.push(signal ?? code),
      );
      const isSetAside = async () => {
        for (let waited = 0; waited < 30_000 && !auth.refused.has(jti); waited += 20) await delay(20);
      };
      await Promise.race([died, isSetAside()]);
    }
    expect(deaths).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL']);
    expect([...auth.refused]).toEqual([[jti, 'processing_failed']]);
    while (auth.acknowledged.length < others.length) await delay(20);
    const { rows } = await database.pool.query<{ what: string }>('select what from effects order by what');
    expect(rows.map(({ what }) => what)).toEqual(others);
    const [aside] = await database.store.listSetAside(10);
    expect(aside).toMatchObject({
      event: { jti },
      attempts: 3,
      error: expect.stringContaining('process ended'),
    });
  });
});
