import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
let output: string;
beforeAll(() => void (output = mkdtempSync(join(tmpdir(), 'signet-pages-'))));
afterAll(() => rmSync(output, { recursive: true }));

it.each([undefined, 'development'])(
  'building the pages leaves NODE_ENV %s: `nest start --watch` runs auth with it',
  (NODE_ENV) => {
    const program = `
      const PagesPlugin = require('./rspack.pages.cjs');
      let build;
      new PagesPlugin().apply({
        options: { output: { path: ${JSON.stringify(join(output, String(NODE_ENV)))} } },
        hooks: { afterEmit: { tapPromise: (name, run) => (build = run) } },
      });
      build().then(() => console.log(String(process.env.NODE_ENV)));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV },
      encoding: 'utf8',
    });
    expect([stderr, stdout.trim()]).toEqual(['', String(NODE_ENV)]);
    expect(existsSync(join(output, String(NODE_ENV), 'pages/manifest.json'))).toBe(true);
  },
);
