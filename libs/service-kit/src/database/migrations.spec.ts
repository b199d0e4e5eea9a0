import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createTestDatabase, type TestDatabase } from '@signet/service-kit/testing';
import { Client } from 'pg';
import { ServiceEnvironment } from '../config/index.js';
import { DatabaseConnection } from './database.connection.js';
import { applyMigrations } from './migrations.js';
import { requireServerVersion } from './server-version.js';
import { type Migration, writeMigrations } from './spec-support/migrations.js';

const people: Migration = {
  tag: '0000_people',
  when: 1_000,
  sql: 'CREATE TABLE people (id int PRIMARY KEY);',
};
const pets: Migration = {
  tag: '0001_pets',
  when: 3_000,
  sql: 'CREATE TABLE pets (id int);\n--> statement-breakpoint\nINSERT INTO pets VALUES (1);',
};
const broken: Migration = {
  tag: '0002_broken',
  when: 4_000,
  sql: 'CREATE TABLE plants (id int);\n--> statement-breakpoint\nALTER TABLE nowhere ADD COLUMN x int;',
};

let folders: string[];
let database: TestDatabase;

beforeEach(async () => {
  folders = [];
  database = await createTestDatabase({ migrationsFolder: await folderOf(), name: 'migrations' });
});

afterEach(async () => {
  await database.drop();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

async function folderOf(...migrations: Migration[]): Promise<string> {
  const folder = await writeMigrations(...migrations);
  folders.push(folder);
  return folder;
}

async function withClient<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client(database.url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function tables(): Promise<string[]> {
  const sql = `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
  const { rows } = await withClient((client) => client.query<{ tablename: string }>(sql));
  return rows.map((row) => row.tablename);
}

test('five replicas that start at once apply every migration once', async () => {
  const folder = await folderOf(people, pets);
  const starts = Array.from({ length: 5 }, () => withClient((client) => applyMigrations(client, folder)));
  expect((await Promise.all(starts)).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 2]);
  expect(await tables()).toEqual(['people', 'pets']);
  expect((await withClient((client) => client.query('SELECT * FROM pets'))).rowCount).toBe(1);
});

test('a new version applies only what is new', async () => {
  const [first, second] = [await folderOf(people), await folderOf(people, pets)];
  expect(await withClient((client) => applyMigrations(client, first))).toBe(1);
  expect(await withClient((client) => applyMigrations(client, second))).toBe(1);
  expect(await withClient((client) => applyMigrations(client, second))).toBe(0);
});

test('an older version starts on a database that is ahead of it', async () => {
  const [older, newer] = [await folderOf(people), await folderOf(people, pets)];
  await withClient((client) => applyMigrations(client, newer));
  expect(await withClient((client) => applyMigrations(client, older))).toBe(0);
});

test('a failing migration leaves nothing behind, of itself or of those before it, and says which and why', async () => {
  const folder = await folderOf(people, pets, broken);
  const start = withClient((client) => applyMigrations(client, folder));
  await expect(start).rejects.toThrow(
    `The migrations in ${folder} were not applied: in 0002_broken: relation "nowhere" does not exist`,
  );
  expect(await tables()).toEqual([]);
  const repaired = await folderOf(people, pets);
  expect(await withClient((client) => applyMigrations(client, repaired))).toBe(2);
});

test('a migration that is older than the newest applied one is refused, not passed over', async () => {
  const merged: Migration = { tag: '0001_merged_late', when: 2_000, sql: 'CREATE TABLE late (id int);' };
  const [before, after] = [await folderOf(people, pets), await folderOf(people, merged, pets)];
  await withClient((client) => applyMigrations(client, before));
  const start = withClient((client) => applyMigrations(client, after));
  await expect(start).rejects.toThrow('1970-01-01T00:00:02.000Z are older than the newest one applied');
});

test('a folder without migrations is named', async () => {
  const start = withClient((client) => applyMigrations(client, '/no/such/folder'));
  await expect(start).rejects.toThrow("The migrations in /no/such/folder were not applied: Can't find");
});

test('a database with the migrations of another program is refused in one line', async () => {
  const [theirs, ours] = [await folderOf(people), await folderOf({ ...pets, when: 2_000 })];
  await withClient((client) => applyMigrations(client, theirs));
  const start = withClient((client) => applyMigrations(client, ours));
  await expect(start).rejects.toThrow(/^Database "\w+" belongs to another program[^\n]*DATABASE_URL\)$/);
  expect(await tables()).toEqual(['people']);
});

test('a database with tables of another program is refused in one line', async () => {
  await withClient((client) => client.query('CREATE TABLE people (name text)'));
  const folder = await folderOf(people);
  const start = withClient((client) => applyMigrations(client, folder));
  await expect(start).rejects.toThrow(
    /^Database "\w+" has something of another program [^\n]*DATABASE_URL\)$/,
  );
});

test('a server that is too old is named with its version', async () => {
  const rows = [{ number: 140_019, name: '14.19' }];
  const old = { host: 'db', port: 5432, query: () => Promise.resolve({ rows }) } as unknown as Client;
  await expect(requireServerVersion(old)).rejects.toThrow(
    'PostgreSQL at db:5432 is version 14.19: 15 or newer is needed',
  );
});

describe('a role that is not the owner', () => {
  const ROLE = `lesser_${randomBytes(4).toString('hex')}`;
  let lesserUrl: string;
  beforeEach(async () => {
    const password = randomBytes(12).toString('hex');
    await withClient((client) => client.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${password}'`));
    lesserUrl = Object.assign(new URL(database.url), { username: ROLE, password }).href;
  });
  afterEach(() => withClient((client) => client.query(`DROP OWNED BY ${ROLE}; DROP ROLE ${ROLE}`)));

  const open = (migrationsFolder: string, migrationUrl?: string) =>
    DatabaseConnection.open({
      name: 'spec',
      environment: Object.assign(new ServiceEnvironment(), {
        DATABASE_URL: lesserUrl,
        DATABASE_MIGRATION_URL: migrationUrl,
      }),
      migrationsFolder,
    });

  test('cannot make tables, and the error says what to set', async () => {
    await expect(open(await folderOf(people))).rejects.toThrow(
      new RegExp(`^The role "${ROLE}" may not make tables in database [^\n]*DATABASE_MIGRATION_URL[^\n]*$`),
    );
  });

  test('works with the rows of what the owner has made, and can change nothing else', async () => {
    const folder = await folderOf(people, pets);
    const connection = await open(folder, database.url);
    await connection.pool.query(
      'INSERT INTO people VALUES (1); UPDATE people SET id = 2; DELETE FROM people',
    );
    for (const statement of ['TRUNCATE pets', 'DROP TABLE pets', 'CREATE TABLE own (id int)'])
      await expect(connection.pool.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    await connection.close();
    const again = await open(folder);
    await again.close();
  });

  test('that does not exist is created by an owner who may, and can log in', async () => {
    const name = `${ROLE}_new`;
    lesserUrl = Object.assign(new URL(database.url), { username: name, password: "quote'%2Bslash%2F" }).href;
    const folder = await folderOf(people);
    for (let start = 1; start <= 2; start++) {
      const connection = await open(folder, database.url);
      const { rows } = await connection.pool.query(
        'select rolname, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user',
      );
      expect(rows).toEqual([{ rolname: name, rolsuper: false, rolcreaterole: false, rolcreatedb: false }]);
      await expect(connection.pool.query('TRUNCATE people')).rejects.toThrow('permission denied');
      await connection.close();
    }
    await withClient((client) => client.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`));
  });

  test('that does not exist is named with what makes it, by an owner who may not', async () => {
    const ownerUrl = lesserUrl;
    await withClient((client) => client.query(`GRANT CREATE ON DATABASE "${client.database}" TO ${ROLE}`));
    await withClient((client) => client.query(`GRANT CREATE ON SCHEMA public TO ${ROLE}`));
    lesserUrl = Object.assign(new URL(database.url), { username: 'no_such_role', password: 'hunter2' }).href;
    const failure = open(await folderOf(people), ownerUrl);
    await expect(failure).rejects.toThrow(
      `The role "no_such_role" of DATABASE_URL does not exist: CREATE ROLE "no_such_role" LOGIN PASSWORD '…'`,
    );
    await expect(failure).rejects.not.toThrow('hunter2');
  });
});
