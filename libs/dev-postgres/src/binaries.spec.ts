import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { locateBinaries } from './binaries.js';
import { inFolder } from './spec-support/owner-process.js';

const run = promisify(execFile);

test('the programs of the installed package run', async () => {
  const { initdb, postgres } = locateBinaries();
  expect((await run(initdb, ['--version'])).stdout).toContain('PostgreSQL) 18.');
  expect((await run(postgres, ['--version'])).stdout).toContain('PostgreSQL) 18.');
});

test('without the package, as in an image, the error says what to set', () =>
  inFolder(async (folder) => {
    const copy = join(folder, 'binaries.ts');
    await copyFile(join(import.meta.dirname, 'binaries.ts'), copy);
    const script = `import { locateBinaries } from ${JSON.stringify(copy)}; locateBinaries();`;
    const start = run(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder });
    await expect(start).rejects.toThrow('Set DATABASE_URL to a PostgreSQL server');
  }));
