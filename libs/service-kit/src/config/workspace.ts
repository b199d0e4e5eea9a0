import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of the checkout that this code runs from: the nearest one above it with a `nest-cli.json`.
 * Where there is none (a build that was copied elsewhere) the current directory takes its place.
 */
export function workspaceRoot(): string {
  return folderWith('nest-cli.json', import.meta.dirname) ?? process.cwd();
}

/** The nearest folder from `from` upwards that has the file. */
export function folderWith(file: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
