import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase } from '../testing/index.js';
import { DatabaseConnection, DatabaseHealthService } from './index.js';
import { writeMigrations } from './spec-support/migrations.js';
import { PEOPLE, startPeople } from './spec-support/people-app.js';

let migrationsFolder: string;

beforeAll(async () => {
  migrationsFolder = await writeMigrations(PEOPLE);
});

afterAll(() => rm(migrationsFolder, { recursive: true }));

test('the health says whether the database answers', async () => {
  const database = await createTestDatabase({ migrationsFolder, name: 'health' });
  const app = await startPeople(migrationsFolder, { DATABASE_URL: database.url });
  expect(await app.get(DatabaseHealthService).isUp()).toBe(true);
  await database.drop();
  while (await app.get(DatabaseHealthService).isUp()) await delay(50);
  await app.close();
});

test('the health does not wait behind the requests, and takes no connection from them', async () => {
  const database = await createTestDatabase({ migrationsFolder, name: 'busy' });
  const app = await startPeople(migrationsFolder, { DATABASE_URL: database.url });
  const { pool } = app.get(DatabaseConnection);
  const all = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  const health = app.get(DatabaseHealthService);
  expect(await Promise.all(Array.from({ length: 300 }, () => health.isUp()))).toEqual(
    Array.from({ length: 300 }, () => true),
  );
  const { rows } = await all[0]!.query(
    `select count(*)::int as connections from pg_stat_activity where application_name = 'people health'`,
  );
  expect(rows).toEqual([{ connections: 1 }]);
  expect(pool.waitingCount).toBe(0);
  for (const client of all) client.release();
  await app.close();
  await database.drop();
});
