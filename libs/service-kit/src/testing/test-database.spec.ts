import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { Client } from 'pg';
import { writeMigrations } from '../database/spec-support/migrations.js';
import { createTestDatabase } from './index.js';

let migrationsFolder: string;

beforeAll(async () => {
  migrationsFolder = await writeMigrations({
    tag: '0000_a',
    when: 1_000,
    sql: 'CREATE TABLE notes (text text);',
  });
});

afterAll(() => rm(migrationsFolder, { recursive: true }));

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('two databases of one name, made at once, are migrated and apart', async () => {
  const options = { migrationsFolder, name: 'Two words; DROP' };
  const [one, other] = await Promise.all([createTestDatabase(options), createTestDatabase(options)]);
  await query(one.url, `INSERT INTO notes VALUES ('mine')`);
  expect(await query(one.url, 'SELECT * FROM notes')).toEqual([{ text: 'mine' }]);
  expect(await query(other.url, 'SELECT * FROM notes')).toEqual([]);
  await Promise.all([one.drop(), other.drop()]);
});

test('a dropped database is gone, even from under a connection', async () => {
  const database = await createTestDatabase({ migrationsFolder, name: 'dropped' });
  const client = new Client(database.url);
  const cut = new Promise((resolve) => client.on('error', resolve));
  await client.connect();
  await database.drop();
  await cut;
  await expect(query(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
});

test('changed migrations make a new template', async () => {
  const changed = await writeMigrations({
    tag: '0000_a',
    when: 1_000,
    sql: 'CREATE TABLE letters (text text);',
  });
  const database = await createTestDatabase({ migrationsFolder: changed, name: 'changed' });
  expect(await query(database.url, 'SELECT * FROM letters')).toEqual([]);
  await database.drop();
  await rm(changed, { recursive: true });
});
