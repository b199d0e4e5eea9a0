import { readdir, readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

const THREADS = '/proc/self/task';

/**
 * Lets the event loop go first where it and the threads that hash passwords want the same core: a flood of logins
 * costs other requests little then, and idle cores hash as fast as ever. Linux schedules each thread by a niceness of
 * its own, and libuv names its threads, which exist once something was hashed; elsewhere nothing happens.
 *
 * @param niceness 0 to 19: a thread of 10 gets about a tenth of the time of an ordinary one
 * @throws {Error} where the system does not allow it
 */
export async function yieldToEventLoop(niceness: number): Promise<void> {
  if (niceness === 0) return;
  const ids = await readdir(THREADS).catch(() => []);
  const names = await Promise.all(ids.map((id) => readFile(`${THREADS}/${id}/comm`, 'utf8').catch(() => '')));
  for (const [index, id] of ids.entries())
    if (names[index] === 'libuv-worker\n') setPriority(Number(id), niceness);
}
