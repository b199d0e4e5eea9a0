import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { isServerOf } from './postmaster-pid.js';
import { inFolder, query, serverPid, startOwner, until } from './spec-support/owner-process.js';

jest.setTimeout(60_000);

const log = (): void => undefined;

describe('a fresh folder', () => {
  let dataDir: string;
  let postgres: EmbeddedPostgres;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'signet-spec-'));
    postgres = await startEmbeddedPostgres({ dataDir, database: 'Büro "1"', log });
  });

  afterAll(async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true });
  });

  test('becomes a PostgreSQL 18 with the database, Unicode, and one order of sorting on every machine', async () => {
    const [row] = await query(
      postgres.url,
      `SELECT current_database() AS name, current_setting('server_version_num')::int / 10000 AS version,
         current_setting('server_encoding') AS encoding, upper('ä') AS upper,
         (SELECT string_agg(word, ' ' ORDER BY word) FROM unnest(ARRAY['é', 'b', 'Z', 'a']) AS word) AS sorted`,
    );
    expect(row).toEqual({ name: 'Büro "1"', version: 18, encoding: 'UTF8', upper: 'Ä', sorted: 'Z a b é' });
  });

  test.each(['fsync', 'full_page_writes', 'synchronous_commit'])(
    'does not trade durability for speed: %s',
    async (name) => {
      expect(await query(postgres.url, `SHOW ${name}`)).toEqual([{ [name]: 'on' }]);
    },
  );

  test('lets in only who knows the password, and only from this machine', async () => {
    const url = new URL(postgres.url);
    expect(url.hostname).toBe('127.0.0.1');
    expect(await query(postgres.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    url.password = 'guessed';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect((await stat(join(dataDir, 'postgres/password'))).mode & 0o777).toBe(0o600);
  });
});

test('after a stop nothing runs, and the next start finds the data', () =>
  inFolder(async (dataDir) => {
    const first = await startEmbeddedPostgres({ dataDir, database: 'kept', log });
    const pid = serverPid(dataDir);
    await query(first.url, 'CREATE TABLE answered AS SELECT 1 AS n');
    await first.stop();
    expect(await isServerOf(pid, join(dataDir, 'postgres/data'))).toBe(false);
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');

    const second = await startEmbeddedPostgres({ dataDir, database: 'kept', log });
    expect(await query(second.url, 'SELECT n FROM answered')).toEqual([{ n: 1 }]);
    await second.stop();
    await second.stop();
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.lock']);
  }));

test.each(['exit', 'throw'] as const)('the server ends with a service that ends by %s', (order) =>
  inFolder(async (dataDir) => {
    const owner = startOwner(dataDir);
    await owner.url;
    const pid = serverPid(dataDir);
    await owner.order(order);
    await until(async () => !(await isServerOf(pid, join(dataDir, 'postgres/data'))));
  }),
);

test('Ctrl-C in a terminal reaches the service only, which still answers its last request', () =>
  inFolder(async (dataDir) => {
    const owner = startOwner(dataDir);
    await query(await owner.url, 'CREATE TABLE answered AS SELECT 1 AS n');
    const { pid } = owner.child;
    const ended = new Promise((resolve) => owner.child.once('exit', resolve));
    process.kill(-Number(pid), 'SIGINT');
    expect(await ended).toBe(0);

    const next = await startEmbeddedPostgres({ dataDir, database: 'fixture', log });
    expect(await query(next.url, 'SELECT n FROM answered ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
    await next.stop();
  }));

test('a folder that cannot be is named, with the variables to set', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const dataDir of [file, join(file, 'data')])
      await expect(startEmbeddedPostgres({ dataDir, database: 'x', log })).rejects.toThrow(
        new RegExp(
          `^DATA_DIR ${dataDir} cannot be written to \\(E\\w+\\): set DATA_DIR [^\n]*DATABASE_URL[^\n]*$`,
        ),
      );
  }));
