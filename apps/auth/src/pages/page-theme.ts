import { ConfigurationError } from '@signet/service-kit';
import { readdirSync } from 'node:fs';
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

/** @throws {ConfigurationError} when the folder cannot be read, or has anything else in it */
export function readPageTheme(folder: string | undefined): PageTheme {
  if (folder === undefined) return { files: new Map(), logo: 'logo.svg' };
  const names = namesIn(folder);
  const unknown = names.filter((name) => ![...LOGOS, STYLESHEET].includes(name));
  if (unknown.length > 0) {
    const known = [STYLESHEET, ...LOGOS].join(', ');
    throw new ConfigurationError(unknown.map((name) => `PAGES_THEME_DIR: ${name} is not one of ${known}`));
  }
  return {
    files: new Map(names.map((name) => [`/${name}`, readServedFile(join(folder, name))])),
    logo: names.find((name) => LOGOS.includes(name)) ?? 'logo.svg',
    ...(names.includes(STYLESHEET) && { stylesheet: STYLESHEET }),
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    throw new ConfigurationError(['PAGES_THEME_DIR must be a folder that can be read']);
  }
}
