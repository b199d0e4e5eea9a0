import { expect, jest, test } from '@jest/globals';
import { cp, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chooseAccount } from './account.js';
import { locateBinaries } from './binaries.js';
import { openCluster } from './create-cluster.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { startServer } from './server.js';
import { findUnprivilegedUser } from './unprivileged-user.js';
import { inFolder, query } from './spec-support/owner-process.js';

jest.setTimeout(60_000);

const log = (): void => undefined;

/** Whoever runs these tests: root has PostgreSQL run as another user, everyone else as themselves. */
async function expectedOwner(): Promise<number | undefined> {
  return process.getuid?.() === 0 ? (await findUnprivilegedUser()).uid : process.getuid?.();
}

test('the data belongs to the user that PostgreSQL runs as, which is never root', () =>
  inFolder(async (dataDir) => {
    const postgres = await startEmbeddedPostgres({ dataDir, database: 'owned', log });
    const { uid, mode } = await stat(join(dataDir, 'postgres/data'));
    expect(uid).toBe(await expectedOwner());
    expect(uid).not.toBe(0);
    expect(mode & 0o777).toBe(0o700);
    await postgres.stop();
  }));

test('data below a folder that other users cannot enter is reached', () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    const dataDir = join(folder, 'closed/data');
    const first = await startEmbeddedPostgres({ dataDir, database: 'reached', log });
    await query(first.url, 'CREATE TABLE answered AS SELECT 1 AS n');
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir, database: 'reached', log });
    expect(await query(second.url, 'SELECT n FROM answered')).toEqual([{ n: 1 }]);
    await second.stop();
  }));

test('a checkout below a folder that other users cannot enter is reached', () =>
  inFolder(async (folder) => {
    const native = dirname(dirname(locateBinaries().postgres));
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await cp(native, join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
    const binaries = {
      initdb: join(closed, 'native/bin/initdb'),
      postgres: join(closed, 'native/bin/postgres'),
    };
    const account = await chooseAccount(closed, binaries);
    const cluster = await openCluster(closed, binaries, account);
    const server = await startServer({ binaries, cluster, account, settings: {}, log });
    expect(server.port).toBeGreaterThan(0);
    await server.stop();
  }));
