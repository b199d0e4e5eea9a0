import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CLUSTER_FOLDER, clusterAt, endLeftoverServer, LOCK_FILE, lockFile } from '@signet/dev-postgres';

/**
 * Ends the servers and removes the files of test runs that were killed: the folders in `parent` whose name
 * starts with `prefix`, and which no living process owns. What cannot be cleared does not hinder this run.
 */
export async function removeAbandoned(parent: string, prefix: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  for (const name of names) await remove(join(parent, name)).catch(() => undefined);
}

async function remove(dataDir: string): Promise<void> {
  const cluster = clusterAt(join(dataDir, CLUSTER_FOLDER));
  // Another user's folder is that user's to clear.
  if ((await stat(dataDir)).uid !== process.getuid?.()) return;
  // A run that starts at this moment has its folder, but has not locked it yet.
  if (!existsSync(cluster.folder)) return;
  const release = await lockFile(join(dataDir, LOCK_FILE));
  if (!release) return;
  try {
    await endLeftoverServer(cluster.data, () => undefined);
    await rm(dataDir, { recursive: true, force: true });
  } finally {
    release();
  }
}
