import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A database cluster on disk: everything that must appear, or be absent, together. */
export type Cluster = Readonly<ReturnType<typeof clusterAt>>;

/** The name of the folder in `DATA_DIR` which holds the cluster. */
export const CLUSTER_FOLDER = 'postgres';

/** The environment of every PostgreSQL program: nothing of the service's, whose environment holds secrets. */
export const POSTGRES_ENV: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  SYSTEMROOT: process.env['SYSTEMROOT'],
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** Names the files of the cluster in `folder`. */
export function clusterAt(folder: string) {
  return {
    folder,
    /** PostgreSQL's own data directory. */
    data: join(folder, 'data'),
    passwordFile: join(folder, 'password'),
    logFile: join(folder, 'server.log'),
  };
}

/** The URL of a database of the cluster while its server runs, with the superuser's password. */
export async function databaseUrl(cluster: Cluster, port: number, database: string): Promise<string> {
  const password = (await readFile(cluster.passwordFile, 'utf8')).trim();
  return `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}?sslmode=disable`;
}
