import { expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { isServerOf } from './postmaster-pid.js';
import { inFolder, query, serverPid, startOwner, until } from './spec-support/owner-process.js';

jest.setTimeout(60_000);

const log = (): void => undefined;

test('a server left behind by a killed service is ended by the next start, which finds every commit', () =>
  inFolder(async (dataDir) => {
    const owner = startOwner(dataDir);
    await query(await owner.url, 'CREATE TABLE answered AS SELECT generate_series(1, 1000) AS n');
    await owner.kill('SIGKILL');
    const left = serverPid(dataDir);
    expect(await isServerOf(left, join(dataDir, 'postgres/data'))).toBe(true);

    const next = await startEmbeddedPostgres({ dataDir, database: 'fixture', log });
    expect(await query(next.url, 'SELECT count(*)::int AS n FROM answered')).toEqual([{ n: 1000 }]);
    expect(serverPid(dataDir)).not.toBe(left);
    expect(await isServerOf(left, join(dataDir, 'postgres/data'))).toBe(false);
    await next.stop();
  }));

test('a statement of the killed service does not hold its locks against the next start', () =>
  inFolder(async (dataDir) => {
    const owner = startOwner(dataDir);
    const url = await owner.url;
    await query(url, 'CREATE TABLE answered AS SELECT 1 AS n');
    const stuck = query(url, 'BEGIN; LOCK TABLE answered; SELECT pg_sleep(600)').catch(String);
    await until(
      async () => (await query(url, `SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock'`)).length > 0,
    );
    await owner.kill('SIGKILL');

    const next = await startEmbeddedPostgres({ dataDir, database: 'fixture', log });
    expect(await query(next.url, 'SELECT n FROM answered')).toEqual([{ n: 1 }]);
    await next.stop();
    expect(await stuck).toContain('terminat');
  }));

test('when the server is killed with the service, its commits are recovered', () =>
  inFolder(async (dataDir) => {
    const owner = startOwner(dataDir);
    await query(await owner.url, 'CREATE TABLE answered AS SELECT generate_series(1, 1000) AS n');
    process.kill(serverPid(dataDir), 'SIGKILL');
    await owner.kill('SIGKILL');

    const next = await startEmbeddedPostgres({ dataDir, database: 'fixture', log });
    expect(await query(next.url, 'SELECT count(*)::int AS n FROM answered')).toEqual([{ n: 1000 }]);
    await next.stop();
  }));

const stages: [string, (dataDir: string) => boolean][] = [
  [
    'is creating the cluster',
    (dataDir) => existsSync(dataDir) && readdirSync(dataDir).some((n) => n.includes('.new-')),
  ],
  ['has created the cluster', (dataDir) => existsSync(join(dataDir, 'postgres'))],
  ['sees the server come up', (dataDir) => existsSync(join(dataDir, 'postgres/data/postmaster.pid'))],
];

test.each(stages)('a first start that is killed when it %s does not hinder the next', (_, reached) =>
  inFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const owner = startOwner(dataDir);
    await until(() => reached(dataDir));
    await owner.kill('SIGKILL');

    const next = await startEmbeddedPostgres({ dataDir, database: 'fixture', log });
    expect(await query(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await next.stop();
  }),
);

test('a process that has got the number of a dead server is neither signalled nor waited for', () =>
  inFolder(async (dataDir) => {
    await startEmbeddedPostgres({ dataDir, database: 'fixture', log }).then((postgres) => postgres.stop());
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const exit = once(stranger, 'exit');
    const file = join(dataDir, 'postgres/data/postmaster.pid');
    await writeFile(
      file,
      `${stranger.pid}\n${join(dataDir, 'postgres/data')}\n1700000000\n5432\n\n127.0.0.1\n`,
    );

    const next = await startEmbeddedPostgres({ dataDir, database: 'fixture', log });
    expect(await query(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await next.stop();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill('SIGKILL');
    await exit;
  }));

test('a server that does not start is reported with its last words and the place of its log', () =>
  inFolder(async (dataDir) => {
    await startEmbeddedPostgres({ dataDir, database: 'fixture', log }).then((postgres) => postgres.stop());
    await mkdir(join(dataDir, 'postgres/data'), { recursive: true });
    await writeFile(join(dataDir, 'postgres/data/PG_VERSION'), '12\n');
    const logFile = join(dataDir, 'postgres/server.log');

    const start = startEmbeddedPostgres({ dataDir, database: 'fixture', log });
    await expect(start).rejects.toThrow(`see ${logFile}: `);
    await expect(start).rejects.toThrow('incompatible');
    expect(await readFile(logFile, 'utf8')).toContain('incompatible');
  }));

test('a server that is killed while its owner lives is started again, at the same address', () =>
  inFolder(async (dataDir) => {
    const logged: string[] = [];
    const postgres = await startEmbeddedPostgres({
      dataDir,
      database: 'fixture',
      log: (line) => logged.push(line),
    });
    await query(postgres.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    for (let kill = 1; kill <= 2; kill++) {
      const killed = serverPid(dataDir);
      process.kill(killed, 'SIGKILL');
      await until(async () => {
        const rows = await query(postgres.url, 'SELECT n FROM kept').catch(() => []);
        return rows.length === 1 && serverPid(dataDir) !== killed;
      });
      expect(logged.filter((line) => line.includes('is started again'))).toHaveLength(kill);
    }
    await postgres.stop();
    await expect(query(postgres.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  }));
