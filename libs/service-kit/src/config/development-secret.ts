import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ConfigurationError } from './configuration.error.js';

/**
 * A secret for development that is made once and kept in `file`, readable by its owner only.
 * Production never calls this: there every secret comes from the environment.
 *
 * @returns 32 random bytes in base64
 * @throws {ConfigurationError} if the file can be neither read nor made
 */
export function developmentSecret(file: string): string {
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : create(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([
      `${basename(file)} is not set, and cannot be kept in ${dirname(file)} (${code}): set it, or let this user write there`,
    ]);
  }
}

function create(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600 });
  try {
    // Two services that start together must end up with one secret: a link is made by exactly one of them.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8');
}
