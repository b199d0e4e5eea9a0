import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isServerOf, postmasterPidFile, readPostmasterPid } from './postmaster-pid.js';

const POLL_MS = 20;
const FAST_SHUTDOWN_MS = 10_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

/**
 * Ends the server that a killed service has left behind, or waits for the one that is just ending; clears the
 * trace of one that died. The caller holds the folder's lock, so no live service owns that server.
 *
 * It is ended rather than taken over: statements of the dead service may still run in it and hold locks, and
 * its version and settings are those of an older start. Nothing that was committed is lost either way.
 *
 * @throws {Error} if the server does not end.
 */
export async function endLeftoverServer(data: string, log: (message: string) => void): Promise<void> {
  const left = await readPostmasterPid(data);
  if (left && (await isServerOf(left.pid, data))) {
    log(`Ending the embedded PostgreSQL (process ${left.pid}) that an earlier start has left behind`);
    const ended =
      (await end(left.pid, data, 'SIGINT', FAST_SHUTDOWN_MS)) ||
      (await end(left.pid, data, 'SIGQUIT', IMMEDIATE_SHUTDOWN_MS));
    if (!ended)
      throw new Error(`The PostgreSQL server of ${data}, process ${left.pid}, does not end; end it by hand.`);
  }
  await rm(postmasterPidFile(data), { force: true });
}

async function end(pid: number, data: string, signal: NodeJS.Signals, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  signalIfAlive(pid, signal);
  while (await isServerOf(pid, data)) {
    if (Date.now() >= deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
