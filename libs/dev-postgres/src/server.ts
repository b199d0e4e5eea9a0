import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { freePort } from './free-port.js';
import { launch, type ServerOptions } from './launch.js';
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
  const { child, port } = await launchUntilReady(options);
  return supervise(child, port, options);
}

/** @param port of a server that is to take the place of another; else any */
async function launchUntilReady(
  options: ServerOptions,
  port?: number,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  for (let attempt = 1; ; attempt++) {
    await endLeftoverServer(options.cluster.data, options.log);
    const chosen = port ?? (await freePort());
    const child = launch(options, chosen);
    if (await becomesReady(child, options.cluster.data)) return { child, port: chosen };
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

/** A server that has been killed is started again where it was, as its users know its port. */
function supervise(first: ChildProcess, port: number, options: ServerOptions): Server {
  const { cluster, log } = options;
  let child = first;
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  const watch = (): void =>
    void child.once('exit', () => {
      restarting = restart();
    });
  const restart = async (): Promise<void> => {
    if (stopping) return;
    log(`The embedded PostgreSQL has ended unexpectedly (see ${cluster.logFile}), and is started again`);
    try {
      ({ child } = await launchUntilReady(options, port));
      watch();
    } catch (error) {
      log((error as Error).message);
    }
  };
  watch();
  return {
    port,
    stop: async () => {
      stopping = true;
      await restarting;
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
