import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { POSTGRES_ENV } from './cluster.js';
import type { Cluster } from './cluster.js';
import { freePort } from './free-port.js';
import { endLeftoverServer } from './leftover-server.js';
import { readPostmasterPid } from './postmaster-pid.js';
import { serverArguments } from './server-arguments.js';
import type { Settings } from './server-arguments.js';

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
export interface ServerOptions {
  readonly binaries: PostgresBinaries;
  readonly cluster: Cluster;
  readonly account: Account;
  readonly settings: Settings;
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

function launch({ account, binaries, cluster, settings }: ServerOptions, port: number): ChildProcess {
  const { file, args, identity } = account.command(
    binaries.postgres,
    serverArguments(cluster.data, port, settings),
  );
  const output = openSync(cluster.logFile, 'w', 0o600);
  try {
    const child = spawn(file, args, {
      ...identity,
      env: POSTGRES_ENV,
      // A group of its own: Ctrl-C in a terminal must reach the service only, which still has requests to answer.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output],
    });
    child.on('error', () => undefined); // there is no process then, which becomesReady() sees by the missing id
    child.unref();
    endWithUs(child);
    return child;
  } finally {
    closeSync(output);
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

/** Also when this process ends by an exception or `process.exit()`; only a kill leaves the server behind. */
function endWithUs(child: ChildProcess): void {
  const end = (): void => void child.kill('SIGINT');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
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
