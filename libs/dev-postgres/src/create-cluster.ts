import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { type Cluster, CLUSTER_FOLDER, clusterAt, POSTGRES_ENV } from './cluster.js';

/**
 * Returns the cluster in `dataDir`; creates it first when there is none.
 *
 * It is prepared in a sibling folder and renamed when complete, so a start that is killed midway leaves no
 * half cluster. The sibling's name is unique because an `initdb` that outlives its killed parent still writes
 * to it.
 *
 * @throws {Error} with the words of `initdb` when it fails.
 */
export async function openCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  account: Account,
): Promise<Cluster> {
  await removeAbandoned(dataDir);
  const cluster = clusterAt(join(dataDir, CLUSTER_FOLDER));
  if (existsSync(cluster.folder)) return cluster;
  const staging = clusterAt(await mkdtemp(join(dataDir, `${CLUSTER_FOLDER}.new-`)));
  try {
    await create(staging, binaries, account);
    await rename(staging.folder, cluster.folder);
  } catch (error) {
    await rm(staging.folder, { recursive: true, force: true });
    throw error;
  }
  return cluster;
}

async function create(cluster: Cluster, binaries: PostgresBinaries, account: Account): Promise<void> {
  await mkdir(cluster.data, { mode: 0o700 });
  await writeFile(cluster.passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  // The folder itself stays ours: root must not write into a folder that another user can put links in.
  await chmod(cluster.folder, 0o711);
  if (account.owner) {
    const { uid, gid } = account.owner;
    for (const path of [cluster.data, cluster.passwordFile]) await chown(path, uid, gid);
  }
  const { file, args, identity } = account.command(binaries.initdb, [
    `--pgdata=${cluster.data}`,
    '--username=postgres',
    `--pwfile=${cluster.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The built-in locale sorts alike on every machine, whatever its C library.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ]);
  try {
    await promisify(execFile)(file, args, { ...identity, env: POSTGRES_ENV });
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new Error(`PostgreSQL could not create its files: ${stderr.trim() || message}`, { cause: error });
  }
}

/** Clears what starts that were killed midway have left; one that still writes is left to the next. */
async function removeAbandoned(dataDir: string): Promise<void> {
  const names = (await readdir(dataDir)).filter((name) => name.startsWith(`${CLUSTER_FOLDER}.new-`));
  await Promise.all(
    names.map((name) => rm(join(dataDir, name), { recursive: true, force: true }).catch(() => undefined)),
  );
}
