import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CLUSTER_FOLDER, clusterAt, databaseUrl } from './cluster.js';
import { LOCK_FILE } from './embedded-postgres.js';
import { lockFile } from './folder-lock.js';
import { isServerOf, readPostmasterPid } from './postmaster-pid.js';

const POLL_MS = 50;
const READY_MS = 10_000;

/**
 * Finds the server of the service that runs on a folder, for a process that works beside it and leaves it running.
 *
 * @returns the URL of the service's database; undefined when nobody owns the folder
 * @throws {Error} if the owner's server does not become ready
 */
export async function findEmbeddedPostgres(dataDir: string, database: string): Promise<string | undefined> {
  if (!existsSync(join(dataDir, LOCK_FILE))) return undefined;
  const folder = await realpath(dataDir);
  const cluster = clusterAt(join(folder, CLUSTER_FOLDER));
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await delay(POLL_MS)) {
    const release = await lockFile(join(folder, LOCK_FILE));
    release?.();
    if (release) return undefined;
    const server = await readPostmasterPid(cluster.data);
    const isUp = server?.ready && (await isServerOf(server.pid, cluster.data));
    if (isUp) return databaseUrl(cluster, server.port, database);
  }
  throw new Error(`The embedded database in ${folder} is in use, and does not become ready.`);
}
