import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@signet/service-kit/testing';
import { rm } from 'node:fs/promises';
import { Client } from 'pg';
import { writeMigrations } from './spec-support/migrations.js';
import { ensureUuidv7 } from './uuidv7.js';

let migrationsFolder: string;
let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  migrationsFolder = await writeMigrations();
  database = await createTestDatabase({ migrationsFolder, name: 'uuidv7' });
  client = new Client(database.url);
  await client.connect();
  // On a server that has one of its own as well, the schema says which is meant.
  for (let start = 0; start < 2; start++) await ensureUuidv7(client, 150_000);
});
afterAll(async () => {
  await client.end();
  await database.drop();
  await rm(migrationsFolder, { recursive: true });
});

test('ids for older servers are UUIDs of version 7, of the moment, and none twice', async () => {
  const before = Date.now();
  const { rows } = await client.query<{ id: string }>(
    'select public.uuidv7()::text as id from generate_series(1, 2000)',
  );
  const after = Date.now();
  const ids = rows.map(({ id }) => id);
  expect(new Set(ids).size).toBe(2_000);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    expect(time).toBeGreaterThanOrEqual(before - 1);
    expect(time).toBeLessThanOrEqual(after + 1);
  }
});

test('ids that are made later are greater', async () => {
  let last = '';
  for (let count = 0; count < 200; count++) {
    const { rows } = await client.query<{ id: string }>('select public.uuidv7()::text as id');
    expect(rows[0]!.id > last).toBe(true);
    last = rows[0]!.id;
  }
});
