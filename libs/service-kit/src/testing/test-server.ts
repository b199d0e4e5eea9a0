import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@signet/dev-postgres';
import { removeAbandoned } from './abandoned-servers.js';

const FOLDER_PREFIX = 'signet-test-postgres-';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Where {@link createTestDatabase} finds the server, in the test runner's workers too. */
export const TEST_DATABASE_URL = 'TEST_DATABASE_URL';

let stop: (() => Promise<void>) | undefined;

/**
 * Starts the one PostgreSQL server of a test run and publishes it as `TEST_DATABASE_URL`; does nothing when
 * that is set, by the user who wants another server or by an earlier call.
 */
export async function startTestServer(): Promise<void> {
  if (process.env[TEST_DATABASE_URL]) return;
  await removeAbandoned(tmpdir(), FOLDER_PREFIX);
  const dataDir = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  const server = await startEmbeddedPostgres({
    dataDir,
    database: 'postgres',
    log: (message) => void process.stderr.write(`${message}\n`),
    // Test data need not survive a power cut, and many workers have many pools.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 300 },
  });
  process.env[TEST_DATABASE_URL] = server.url;
  stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  for (const signal of SIGNALS) process.on(signal, endBySignal);
}

/** Ends the server of {@link startTestServer} and removes its files. */
export async function stopTestServer(): Promise<void> {
  if (!stop) return;
  for (const signal of SIGNALS) process.off(signal, endBySignal);
  delete process.env[TEST_DATABASE_URL];
  await stop();
  stop = undefined;
}

/** A test runner that is interrupted skips its teardown. */
function endBySignal(signal: NodeJS.Signals): void {
  void stopTestServer().finally(() => process.kill(process.pid, signal));
}
