import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/services.js';
import { operate } from '../support/operator.js';
import { runCommand, type App } from '../support/service.js';
import { AuthReplicas } from '../support/sessions.js';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** Without any environment: what needs none must not ask for one. */
const run = (app: App, args: readonly string[]) =>
  runCommand(app, args, { PATH: undefined, HOME: undefined });

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
      expect(stderr).toMatch(/^error: .*\n(\(Did you mean .*\n)?\(add --help for usage\)\n$/);
    },
  );
});

describe('auth keys list', () => {
  const replicas = AuthReplicas.prepare();
  afterAll(async () => (await replicas).end());

  it('says under HS256 that there are no keys', async () => {
    const { code, stdout } = await operate(['keys', 'list'], {
      DATABASE_URL: (await replicas).database.url,
      JWT_SECRET: 'c2VhbGVkIHdpdGggYSBzaWduZXQgcmluZyBvZiBnb2xk',
    });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^There are no keys: under HS256 [^\n]*\n$/)]);
  });
});
