import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isOtherNode } from './right-node.js';

const FIXTURE = fileURLToPath(new URL('spec-support/handed-over.fixture.ts', import.meta.url));
const HOOKS = new URL('../testing/typescript-imports.ts', import.meta.url).href;

/** A program that has handed itself over, and the process id of the one that took over. */
async function handOver() {
  const env = { ...process.env, NODE_OPTIONS: `--import ${HOOKS}` };
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const parent = spawn(process.execPath, [FIXTURE, 'keys', 'list'], { env, stdio: [...stdio] });
  const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
  const [child, ...args] = String(printed).trim().split(' ');
  return { parent, child: Number(child), args };
}

describe('a service started on an older Node', () => {
  it.each([
    ['20.20.2', true],
    ['24.11.0', true],
    ['26.0.0', false],
    ['27.1.0', false],
  ])('%s is taken for another Node: %s', (version, isOther) => {
    expect(isOtherNode(version)).toBe(isOther);
  });

  it('runs on the one of the lockfile with its arguments, is told to stop, and ends with the same exit code', async () => {
    const { parent, child, args } = await handOver();
    expect(child).not.toBe(parent.pid);
    expect(args).toEqual(['keys', 'list']);
    parent.kill('SIGTERM');
    const [code] = (await once(parent, 'exit')) as [number | null];
    expect(code).toBe(7);
  });

  it('leaves nothing behind after kill -9', async () => {
    const { parent } = await handOver();
    const closed = once(parent.stdout, 'close');
    parent.kill('SIGKILL');
    // The child holds the other end of the pipe for as long as it lives.
    await closed;
    expect(parent.signalCode).toBe('SIGKILL');
  });
});
