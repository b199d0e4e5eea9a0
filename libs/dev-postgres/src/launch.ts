import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Account } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { type Cluster, POSTGRES_ENV } from './cluster.js';
import { serverArguments, type Settings } from './server-arguments.js';

/** What a server is started with. */
export interface ServerOptions {
  readonly binaries: PostgresBinaries;
  readonly cluster: Cluster;
  readonly account: Account;
  readonly settings: Settings;
  readonly log: (message: string) => void;
}

/**
 * Spawns a server that listens at `port`, with its output in the cluster's log file; it ends with this process.
 * The handle keeps this process neither waiting nor busy.
 */
export function launch({ account, binaries, cluster, settings }: ServerOptions, port: number): ChildProcess {
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

/** Also when this process ends by an exception or `process.exit()`; only a kill leaves the server behind. */
function endWithUs(child: ChildProcess): void {
  const end = (): void => void child.kill('SIGINT');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}
