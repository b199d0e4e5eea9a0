import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { entryOf, ROOT, type App } from '../../scripts/services.js';
import { databaseOf } from '../support/deployment.js';
import { operate } from '../support/operator.js';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** Without any environment: what needs none must not ask for one. */
async function run(app: App, args: readonly string[]) {
  const child = spawn(process.execPath, [entryOf(app), ...args], { cwd: tmpdir(), env: {}, stdio: 'pipe' });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number | null, stdout, stderr };
}

describe.each(['auth', 'business'] as const)('the program %s', (app) => {
  it.each(['--help', '-h'])('says with %s what it is and does not start', async (argument) => {
    const { code, stdout, stderr } = await run(app, [argument]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^Usage: ${app} `));
    expect(stdout).toContain('Without arguments it serves');
  });

  it('says with --version which it is', async () => {
    expect(await run(app, ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([[['serve']], [['--port', '3000']], [['--help-me']]])(
    'refuses %j, and does not start',
    async (args) => {
      const { code, stdout, stderr } = await run(app, args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^error: .*\n(\(Did you mean .*\n)?\(--help tells what there is\)\n$/);
    },
  );
});

describe('auth keys list', () => {
  const database = databaseOf('auth');
  afterAll(async () => (await database).drop());

  it('says under HS256 that there are no keys', async () => {
    const { code, stdout } = await operate(['keys', 'list'], {
      DATABASE_URL: (await database).url,
      JWT_SECRET: 'c2VhbGVkIHdpdGggYSBzaWduZXQgcmluZyBvZiBnb2xk',
    });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^There are no keys: under HS256 [^\n]*\n$/)]);
  });
});
