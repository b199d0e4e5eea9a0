import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith } from '../config/index.js';

/** What these services are built for and tested on; `engines` in package.json says the same. */
const NODE_MAJOR = 26;

/** @throws {Error} on an older Node */
export function requireNode(running = process.versions.node): void {
  if (Number.parseInt(running, 10) >= NODE_MAJOR) return;
  throw new Error(
    `Node ${NODE_MAJOR} or newer is needed, and this is ${running}. In a checkout, start it with "npx node" instead of "node"`,
  );
}

/** Of the package that this code is part of, or was built into. */
export function version(from = import.meta.dirname): string {
  const folder = folderWith('package.json', from);
  if (folder === undefined) return 'unknown';
  const parsed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string };
  return parsed.version ?? 'unknown';
}
