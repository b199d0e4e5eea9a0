import { ConfigurationError } from '@signet/service-kit';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readServedFile, type ServedFile } from './page-files.js';

/** What a team puts in the place of our logo, and after our styles. */
export interface PageTheme {
  readonly files: ReadonlyMap<string, ServedFile>;
  /** Paths that documents load, relative to them. */
  readonly logo: string;
  readonly stylesheet?: string;
}

const LOGOS = ['logo.svg', 'logo.png', 'logo.webp'];
const STYLESHEET = 'theme.css';
const MOST_BYTES = 512 * 1024;

/**
 * Reads the folder once, at the start. Links are followed, out of the folder too: a volume of Kubernetes consists of them,
 * and the operator who writes there decides what visitors see in any case.
 *
 * @throws {ConfigurationError} when the folder cannot be read, or has anything else in it than files of these names
 */
export function readPageTheme(folder: string | undefined): PageTheme {
  if (folder === undefined) return { files: new Map(), logo: 'logo.svg' };
  const names = namesIn(folder);
  const unknown = names.filter((name) => ![...LOGOS, STYLESHEET].includes(name));
  if (unknown.length > 0) {
    const known = [STYLESHEET, ...LOGOS].join(', ');
    throw new ConfigurationError(unknown.map((name) => `PAGES_THEME_DIR: ${name} is not one of ${known}`));
  }
  const unfit = names.filter((name) => !isSmallFile(join(folder, name)));
  if (unfit.length > 0) {
    const wanted = `must be a file that can be read, of at most ${MOST_BYTES / 1024} KiB`;
    throw new ConfigurationError(unfit.map((name) => `PAGES_THEME_DIR: ${name} ${wanted}`));
  }
  return {
    files: new Map(names.map((name) => [`/${name}`, readServedFile(join(folder, name))])),
    logo: LOGOS.find((name) => names.includes(name)) ?? 'logo.svg',
    ...(names.includes(STYLESHEET) && { stylesheet: STYLESHEET }),
  };
}

/** Not a folder, nor a pipe or a device, which would never end. */
function isSmallFile(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    const stats = statSync(path);
    return stats.isFile() && stats.size <= MOST_BYTES;
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    throw new ConfigurationError(['PAGES_THEME_DIR must be a folder that can be read']);
  }
}
