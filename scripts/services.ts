import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');
export const APPS = ['auth', 'business'] as const;
export type App = (typeof APPS)[number];

/** The built entry of an app. */
export const entryOf = (app: App): string => join(ROOT, 'dist/apps', app, 'main.js');

/**
 * Builds the apps whose built entry is missing or older than what it was made from.
 *
 * @throws {Error} if a build fails; its output has been printed by then
 */
export function buildIfNeeded(say: (line: string) => void): void {
  const sources = [
    'apps/**/*',
    'libs/**/*',
    'package-lock.json',
    'nest-cli.json',
    'tsconfig.json',
    'rspack.config.cjs',
  ];
  const changed = Math.max(
    ...globSync(sources, { cwd: ROOT }).map((file) => statSync(join(ROOT, file)).mtimeMs),
  );
  for (const app of APPS) {
    const built = statSync(entryOf(app), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (built > changed) continue;
    say(`building ${app} …`);
    const nest = join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
    const { status, stdout } = spawnSync(process.execPath, [nest, 'build', app], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the build of ${app} failed:\n${stdout}`);
  }
}

/** Starts a built app; its output is piped to the caller. */
export function startBuilt(app: App): ChildProcess {
  return spawn(process.execPath, [entryOf(app)], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts an app from its sources and again after every change, by the Nest CLI. */
export function startWatching(app: App): ChildProcess {
  const nest = join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
  const args = [nest, 'start', app, '--watch', '--preserveWatchOutput'];
  return spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
}
