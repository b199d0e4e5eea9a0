import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of the checkout that this code runs from: the nearest one above it with a `nest-cli.json`.
 * Where there is none (a build that was copied elsewhere) the current directory takes its place.
 */
export function workspaceRoot(from = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nest-cli.json'))) return folder;
    if (folder === dirname(folder)) return process.cwd();
  }
}
