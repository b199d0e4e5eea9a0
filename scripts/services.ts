import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export const ROOT = resolve(import.meta.dirname, '..');
/** The two that tests and benchmarks speak of; {@link SERVICES} are all. */
export const APPS = ['auth', 'business'] as const;
export type App = (typeof APPS)[number];

interface NestProject {
  readonly type: string;
  readonly root: string;
}

/** Every service of the workspace: the applications of nest-cli.json below `apps`, auth first. */
export const SERVICES: readonly string[] = Object.entries(
  (
    JSON.parse(readFileSync(join(ROOT, 'nest-cli.json'), 'utf8')) as {
      projects: Readonly<Record<string, NestProject>>;
    }
  ).projects,
)
  .filter(([, { type, root }]) => type === 'application' && root.startsWith('apps/'))
  .map(([name]) => name);

/** The built entry of a service. */
export const entryOf = (app: string): string => join(ROOT, 'dist/apps', app, 'main.js');

/**
 * Builds the apps whose built entry is missing or older than what it was made from.
 *
 * @throws {Error} if a build fails; its output has been printed by then
 */
export function buildIfNeeded(say: (line: string) => void): void {
  const sources = [
    'apps/**/*',
    'libs/*/src/**/*',
    'package-lock.json',
    'nest-cli.json',
    'tsconfig.json',
    'rspack.config.cjs',
  ];
  const changed = Math.max(
    ...globSync(sources, { cwd: ROOT }).map((file) => statSync(join(ROOT, file)).mtimeMs),
  );
  for (const app of SERVICES) {
    const built = statSync(entryOf(app), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (built > changed) continue;
    say(`building ${app} …`);
    build(app);
  }
}

/**
 * Builds one service by the Nest CLI.
 *
 * @throws {Error} with what the build has printed, if it fails
 */
export function build(app: string): void {
  const nest = join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
  const { status, stdout } = spawnSync(process.execPath, [nest, 'build', app], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build of ${app} failed:\n${stdout}`);
}

/** Starts a built app; its output is piped to the caller. */
export function startBuilt(app: string): ChildProcess {
  return spawn(process.execPath, [entryOf(app)], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * Starts an app from its sources and again after every change, by the Nest CLI. That passes no signal on to the app: end
 * both, a group of processes, by {@link endWatching}.
 */
export function startWatching(app: string): ChildProcess {
  const nest = join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
  const args = [nest, 'start', app, '--watch', '--preserveWatchOutput'];
  return spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

export function endWatching({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The address in the message by which a service says that it is ready; `undefined` in any other line. */
export function readyAddress(line: string): string | undefined {
  return /is ready on (http:\/\/[^"\s]+)/.exec(line)?.[1];
}

/**
 * Waits until a service says in its log where it is ready.
 *
 * @throws {Error} when it ends before
 */
export function whenReady(service: ChildProcess & { readonly stdout: Readable }): Promise<string> {
  return new Promise((found, reject) => {
    service.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)));
    createInterface({ input: service.stdout }).on('line', (line) => {
      const address = readyAddress(line);
      if (address) found(address);
    });
  });
}
