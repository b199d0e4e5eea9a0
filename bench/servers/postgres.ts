import { startEmbeddedPostgres } from '@signet/dev-postgres';
import type { Setup } from '../protocol.js';

/**
 * An embedded PostgreSQL, set up as a service's own: what is committed is on the disk. It ends with the process.
 *
 * @returns its URL
 */
export async function startPostgres({ environment = {} }: Setup): Promise<string> {
  const { DATA_DIR: dataDir = '' } = environment;
  const { url } = await startEmbeddedPostgres({ dataDir, database: 'postgres', log: () => undefined });
  return url;
}
