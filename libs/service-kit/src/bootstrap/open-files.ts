import { readFileSync } from 'node:fs';

/** For the database, logs, modules that are loaded later and whatever the process opens for itself. */
const RESERVED = 64;

/**
 * As many connections as may be open without taking the files that the service itself needs: beyond the limit of
 * the operating system nothing can be opened, and that is met where nobody expects it.
 *
 * @param wanted what the settings allow
 */
export function affordableConnections(wanted: number): number {
  const limit = openFilesLimit();
  return Math.min(wanted, Math.max(RESERVED, limit - RESERVED));
}

/** Node raises the soft limit to the hard one at its start (Linux). */
function openFilesLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}
