import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { developmentDefaults } from './development-defaults.js';
import { developmentSecret } from './development-secret.js';

describe('secrets for development', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signet-secret-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are 32 random bytes, the same at every start, and readable by their owner alone', async () => {
    const file = join(folder, 'shared', 'secret');
    const secret = developmentSecret(file);
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
    expect(developmentSecret(file)).toBe(secret);
    expect(developmentSecret(join(folder, 'another'))).not.toBe(secret);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('are one secret for processes that start together', async () => {
    const file = join(folder, 'secret');
    const hooks = new URL('../testing/typescript-imports.ts', import.meta.url).href;
    const source = new URL('development-secret.ts', import.meta.url).href;
    const program = `import { developmentSecret } from '${source}'; process.stdout.write(developmentSecret('${file}'));`;
    const run = () =>
      promisify(execFile)(process.execPath, ['--import', hooks, '--input-type=module', '-e', program]);
    const printed = await Promise.all(Array.from({ length: 6 }, run));
    expect(new Set(printed.map(({ stdout }) => stdout))).toEqual(new Set([await readFile(file, 'utf8')]));
    expect(await readdir(folder)).toEqual(['secret']);
  });

  it('that cannot be kept are named, with the folder', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(() => developmentSecret(join(file, 'shared', 'JWT_SECRET'))).toThrow(
      `JWT_SECRET is not set, and cannot be kept in ${file}/shared (ENOTDIR): set it, or let this user write there`,
    );
  });

  it('do not exist in production', () => {
    const names = (NODE_ENV: string) =>
      Object.keys(developmentDefaults('auth', ['JWT_SECRET'], { NODE_ENV }));
    expect(names('development')).toContain('JWT_SECRET');
    expect(names('production')).not.toContain('JWT_SECRET');
  });
});
