import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { entryOf } from '../../scripts/services.js';
import type { Environment } from './service.js';

/** What a command has printed, and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of auth's operator with `environment` alone, as in the image: `node main.js <args>`. */
export async function operate(args: readonly string[], environment: Environment): Promise<CommandResult> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [entryOf('auth'), ...args], {
    env: { PATH, HOME, ...environment },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number | null, stdout, stderr };
}

/** A command with `--json` that must succeed. */
export async function operateJson<T>(args: readonly string[], environment: Environment): Promise<T> {
  const { code, stdout, stderr } = await operate([...args, '--json'], environment);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
