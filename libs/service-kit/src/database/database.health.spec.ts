import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { createTestDatabase } from '../testing/index.js';
import { DatabaseConnection, DatabaseHealth } from './index.js';
import { startPeople, writePeopleMigrations } from './spec-support/people-app.js';

let migrationsFolder: string;

beforeAll(async () => {
  migrationsFolder = await writePeopleMigrations();
});

afterAll(() => rm(migrationsFolder, { recursive: true }));

test('the health says whether the database answers', async () => {
  const database = await createTestDatabase({ migrationsFolder, name: 'health' });
  const app = await startPeople({ url: database.url, dataDir: '', migrationsFolder });
  await expect(app.get(DatabaseHealth).ping()).resolves.toBeUndefined();
  await database.drop();
  await expect(app.get(DatabaseHealth).ping()).rejects.toThrow('does not exist');
  await app.close();
});

test('the health does not wait longer than its limit for a database that is busy', async () => {
  const database = await createTestDatabase({ migrationsFolder, name: 'busy' });
  const app = await startPeople({ url: database.url, dataDir: '', migrationsFolder });
  const { pool } = app.get(DatabaseConnection);
  const all = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  await expect(app.get(DatabaseHealth).ping()).rejects.toThrow('The database does not answer');
  for (const client of all) client.release();
  await app.close();
  await database.drop();
});
