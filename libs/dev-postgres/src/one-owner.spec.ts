import { expect, jest, test } from '@jest/globals';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { findEmbeddedPostgres } from './find-embedded-postgres.js';
import { inFolder, query, startOwner } from './spec-support/owner-process.js';

jest.setTimeout(60_000);

test('of two starts on one folder the second is refused, told the folder and the remedy', () =>
  inFolder(async (dataDir) => {
    const owner = startOwner(dataDir);
    const url = await owner.url;
    const second = startOwner(dataDir);
    await expect(second.url).rejects.toThrow(`owns the embedded database in ${dataDir}`);
    await expect(second.url).rejects.toThrow(/DATA_DIR of its own.*DATABASE_URL/);
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await owner.order('stop');
  }));

test('a start waits for the service that is just ending, and gets its data', () =>
  inFolder(async (dataDir) => {
    const owner = startOwner(dataDir);
    await query(await owner.url, 'CREATE TABLE answered AS SELECT 1 AS n');
    const waiting = Promise.withResolvers<string>();
    const start = startEmbeddedPostgres({ dataDir, database: 'fixture', log: waiting.resolve });
    expect(await waiting.promise).toBe(`Waiting for the process that uses ${dataDir} to end`);
    await owner.order('stop');
    const next = await start;
    expect(await query(next.url, 'SELECT n FROM answered')).toEqual([{ n: 1 }]);
    await next.stop();
  }));

test('two first starts at the same instant take turns', () =>
  inFolder(async (dataDir) => {
    const owners = [startOwner(dataDir), startOwner(dataDir)];
    const first = await Promise.race(owners.map((owner) => owner.url.then(() => owner)));
    await query(await first.url, 'CREATE TABLE answered AS SELECT 1 AS n');
    await first.order('stop');
    const second = owners.find((owner) => owner !== first);
    expect(await query((await second?.url) ?? '', 'SELECT n FROM answered')).toEqual([{ n: 1 }]);
    await second?.order('stop');
  }));

test('a second process finds the server of the one that owns the folder, and leaves it running', () =>
  inFolder(async (dataDir) => {
    expect(await findEmbeddedPostgres(dataDir, 'fixture')).toBeUndefined();
    const owner = startOwner(dataDir);
    const url = await owner.url;
    expect(await findEmbeddedPostgres(dataDir, 'fixture')).toBe(url);
    expect(await query(await owner.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await owner.order('stop');
    expect(await findEmbeddedPostgres(dataDir, 'fixture')).toBeUndefined();
  }));
