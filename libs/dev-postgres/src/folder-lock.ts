import { accessSync, constants } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';

const POLL_MS = 50;

/** How long, and with which word, {@link lockFile} waits for another owner. */
export interface LockOptions {
  /** 0 unless told. */
  readonly waitMs?: number;
  /** Called once, when the lock turns out to be held. */
  readonly onWait?: () => void;
}

/**
 * Takes an exclusive lock which the operating system releases when this process ends, however it ends.
 *
 * Node has no `flock`; SQLite takes one on every platform, so an empty SQLite file is the lock. A file that
 * holds a process id would not do: it outlives a `kill -9`, and ids are reused.
 *
 * @returns the function that releases the lock, or undefined when it was still held after `waitMs`.
 * @throws {Error} if the file cannot be written.
 */
export async function lockFile(file: string, options: LockOptions = {}): Promise<(() => void) | undefined> {
  const deadline = Date.now() + (options.waitMs ?? 0);
  let waiting = false;
  for (;;) {
    const release = tryLock(file);
    if (release) return release;
    if (!waiting) options.onWait?.();
    waiting = true;
    if (Date.now() >= deadline) return undefined;
    await delay(POLL_MS);
  }
}

function tryLock(file: string): (() => void) | undefined {
  // Not an import: bundlers do not yet know this module, and only the embedded database needs it.
  const sqlite = process.getBuiltinModule('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(file);
    accessSync(file, constants.W_OK); // SQLite would open it for reading, and lock nothing
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const { message } = error as Error;
    if (message === 'database is locked') return undefined;
    throw new Error(`Cannot lock ${file}: ${message}. Can this user write there?`, { cause: error });
  }
  const held = database;
  return () => {
    if (held.isOpen) held.close();
  };
}
