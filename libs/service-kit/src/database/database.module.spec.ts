import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase } from '../testing/index.js';
import { DATABASE, type Database, DatabaseConnection } from './index.js';
import { writeMigrations } from './spec-support/migrations.js';
import { PeopleRepository, people, startPeople, PEOPLE } from './spec-support/people-app.js';

jest.setTimeout(60_000);

let migrationsFolder: string;
let dataDir: string;

beforeAll(async () => {
  migrationsFolder = await writeMigrations(PEOPLE);
  dataDir = await mkdtemp(join(tmpdir(), 'signet-spec-'));
});

afterAll(async () => {
  await rm(migrationsFolder, { recursive: true });
  await rm(dataDir, { recursive: true });
});

const start = (url: string | undefined, folder = migrationsFolder): Promise<INestApplicationContext> =>
  startPeople(folder, { DATA_DIR: dataDir, ...(url !== undefined && { DATABASE_URL: url }) });

test('without a URL a service has a migrated database of its own, which ends with it and keeps its data', async () => {
  const first = await start(undefined);
  await first.get(PeopleRepository).add(7);
  const { url } = first.get(DatabaseConnection);
  await first.close();
  await expect(new Client(url).connect()).rejects.toThrow('ECONNREFUSED');

  const second = await start(undefined);
  expect(await second.get(PeopleRepository).findAll()).toEqual([{ id: 7 }]);
  await second.close();
});

test('a start that fails by its migrations leaves no server behind', async () => {
  const broken = await writeMigrations(PEOPLE, { tag: '0001_broken', when: 9_000, sql: 'SELECT nonsense;' });
  await expect(start(undefined, broken)).rejects.toThrow('column "nonsense" does not exist');
  await rm(broken, { recursive: true });
  const next = await start(undefined);
  await next.close();
});

/** Cuts all connections of the service to its database, as a restart of the server does. */
async function cutConnections(url: string): Promise<void> {
  const admin = new Client(url);
  await admin.connect();
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
    'people',
  ]);
  await admin.end();
}

test('a lost connection, idle or in a transaction, does not end the process, and the pool recovers', async () => {
  const database = await createTestDatabase({ migrationsFolder, name: 'lost' });
  const app = await start(database.url);
  const { pool } = app.get(DatabaseConnection);
  const lost = new Promise((resolve) => pool.once('error', resolve));
  const transaction = app.get<Database>(DATABASE).transaction(async (tx) => {
    await tx.insert(people).values({ id: 1 });
    await app.get(PeopleRepository).add(2);
    await cutConnections(database.url);
    await lost;
    await tx.insert(people).values({ id: 3 });
  });
  await expect(transaction).rejects.toThrow();
  expect(await app.get(PeopleRepository).findAll()).toEqual([{ id: 2 }]);
  await app.close();
  await database.drop();
});
