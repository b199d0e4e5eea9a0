import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Injectable, Logger, Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase } from '../testing/index.js';
import { DatabaseConnection, DatabaseHealth, DatabaseModule, InjectDatabase } from './index.js';
import type { Database } from './index.js';
import { writeMigrations } from './spec-support/migrations.js';

jest.setTimeout(60_000);

const people = pgTable('people', { id: integer().primaryKey() });
const schema = { people };

@Injectable()
class PeopleRepository {
  constructor(@InjectDatabase() private readonly db: Database<typeof schema>) {}

  async add(id: number): Promise<void> {
    await this.db.insert(people).values({ id });
  }

  async findAll(): Promise<{ id: number }[]> {
    return this.db.query.people.findMany();
  }
}

@Module({ providers: [PeopleRepository] })
class PeopleModule {}

let migrationsFolder: string;
let dataDir: string;

beforeAll(async () => {
  Logger.overrideLogger(false);
  migrationsFolder = await writeMigrations({
    tag: '0000_people',
    when: 1_000,
    sql: 'CREATE TABLE people (id int);',
  });
  dataDir = await mkdtemp(join(tmpdir(), 'signet-spec-'));
});

afterAll(async () => {
  await rm(migrationsFolder, { recursive: true });
  await rm(dataDir, { recursive: true });
});

async function start(url: string | undefined, folder = migrationsFolder): Promise<INestApplicationContext> {
  const database = DatabaseModule.forRootAsync({
    useFactory: () => ({ name: 'people', url, dataDir, migrationsFolder: folder, schema }),
  });
  return NestFactory.createApplicationContext(
    { module: PeopleModule, imports: [database] },
    { abortOnError: false },
  );
}

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
  const broken = await writeMigrations({ tag: '0000_broken', when: 9_000, sql: 'SELECT nonsense;' });
  await expect(start(undefined, broken)).rejects.toThrow('column "nonsense" does not exist');
  await rm(broken, { recursive: true });
  const next = await start(undefined);
  await next.close();
});

test('a lost connection does not end the process, and the pool recovers', async () => {
  const database = await createTestDatabase({ migrationsFolder, name: 'lost' });
  const app = await start(database.url);
  await app.get(PeopleRepository).add(1);
  const admin = new Client(database.url);
  await admin.connect();
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
    'people',
  ]);
  await admin.end();
  await new Promise((resolve) => app.get(DatabaseConnection).pool.once('remove', resolve));
  expect(await app.get(PeopleRepository).findAll()).toEqual([{ id: 1 }]);
  await app.close();
  await database.drop();
});

test('the health says whether the database answers', async () => {
  const database = await createTestDatabase({ migrationsFolder, name: 'health' });
  const app = await start(database.url);
  await expect(app.get(DatabaseHealth).ping()).resolves.toBeUndefined();
  await database.drop();
  await expect(app.get(DatabaseHealth).ping()).rejects.toThrow('does not exist');
  await app.close();
});

test('the health does not wait longer than its limit for a database that is busy', async () => {
  const database = await createTestDatabase({ migrationsFolder, name: 'busy' });
  const app = await start(database.url);
  const { pool } = app.get(DatabaseConnection);
  const busy = Array.from({ length: 10 }, () => pool.query('SELECT pg_sleep(4)'));
  await expect(app.get(DatabaseHealth).ping()).rejects.toThrow('The database does not answer');
  await Promise.all(busy);
  await app.close();
  await database.drop();
});
