import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../scripts/services.js';
import setUpServices from '../support/e2e-setup.js';

/** The packed libraries, and what the other end-to-end tests have: built services and a database server. */
export default async function setUp(): Promise<void> {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts/pack-libs.ts')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the libraries could not be packed');
  await setUpServices();
}
