import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
/** What the Dockerfile calls, and what that reads without naming it in an import. */
const ENTRIES = ['scripts/build.ts', 'rspack.config.cjs', 'apps/web/vite.config.ts'];
const READ = [
  'package.json',
  'package-lock.json',
  '.npmrc',
  'nest-cli.json',
  'tsconfig.json',
  'apps/web/tsconfig.json',
];
const IMPORT = /(?:from |require\(|import\()'(\.[^']+)'/g;

/** The lines of .dockerignore that let something in: everything else stays out. */
const patterns = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n').filter(Boolean);
const sent = new Set(
  patterns
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
    .flatMap((path) => globSync([path, `${path}/**/*`], { cwd: ROOT }))
    .filter((path) => !path.includes('node_modules')),
);

describe('what an image is built from', () => {
  it('is let in by name, all else is kept out', () => {
    expect(patterns[0]).toBe('**');
    expect([...sent].filter((path) => /^(\.data|\.git|dist|test|\.env)/.test(path))).toEqual([]);
  });

  it('has all that the build reads', () => {
    const read = new Set(READ);
    const follow = (file: string): void => {
      if (read.has(file)) return;
      read.add(file);
      for (const [, path = ''] of readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT))
        follow(globSync(`${normalize(join(dirname(file), path))}{,.cjs}`, { cwd: ROOT })[0] ?? path);
    };
    for (const entry of ENTRIES) follow(entry);
    expect([...read].filter((file) => !sent.has(file))).toEqual([]);
  });
});
