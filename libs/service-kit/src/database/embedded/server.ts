import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { freePort } from './free-port.js';
import { launch } from './launch.js';
import type { LaunchOptions } from './launch.js';
import { endLeftoverServer } from './leftover-server.js';
import { readPostmasterPid } from './postmaster-pid.js';

const ATTEMPTS = 3;
const POLL_MS = 5;
/** Long enough to replay the log after a crash. */
const READY_MS = 60_000;
const FAST_SHUTDOWN_MS = 10_000;

/** A server which this process has started, and which ends with it. */
export interface Server {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** What a server is started with. */
export interface ServerOptions extends LaunchOptions {
  readonly log: (message: string) => void;
}

/**
 * Starts PostgreSQL on a free loopback port and waits until it accepts connections.
 *
 * It is tried again because another program may take the port in between, because the shared memory of a
 * server that was killed is released a moment after it, and because a server whose parent was killed in this
 * very function may only now show itself.
 *
 * @throws {Error} with the last words of the server's log, and the log's place.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    await endLeftoverServer(options.cluster.data, options.log);
    const port = await freePort();
    const child = launch(options, port);
    if (await becomesReady(child, options.cluster.data)) return supervise(child, port, options);
    if (attempt === ATTEMPTS) throw await failure(options.cluster);
    await delay(attempt * 200);
  }
}

async function becomesReady(child: ChildProcess, data: string): Promise<boolean> {
  const deadline = Date.now() + READY_MS;
  while (child.pid !== undefined && isRunning(child) && Date.now() < deadline) {
    const state = await readPostmasterPid(data);
    if (state?.pid === child.pid && state.ready) return true;
    await delay(POLL_MS);
  }
  child.kill('SIGQUIT');
  return false;
}

function supervise(child: ChildProcess, port: number, { cluster, log }: ServerOptions): Server {
  let stopping = false;
  child.once('exit', () => {
    if (!stopping) log(`The embedded PostgreSQL has ended unexpectedly; see ${cluster.logFile}`);
  });
  return {
    port,
    stop: async () => {
      stopping = true;
      if (!isRunning(child)) return;
      child.ref();
      const exit = once(child, 'exit');
      child.kill('SIGINT');
      const impatience = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
      await exit;
      clearTimeout(impatience);
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function failure({ logFile }: Cluster): Promise<Error> {
  const words = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-3).join('; ');
  return new Error(`The embedded PostgreSQL does not start; see ${logFile}: ${words || 'no output'}`);
}
