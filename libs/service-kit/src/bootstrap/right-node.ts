import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createRequire } from 'node:module';

/** What these services are built for and tested on. */
const NODE_MAJOR = 26;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Whether this process runs on a Node that the services are not made for. */
export function isOtherNode(version = process.versions.node): boolean {
  return Number.parseInt(version, 10) < NODE_MAJOR;
}

/**
 * Runs the same program on the Node that comes with the lockfile (the package `node`), for whoever types `node`
 * on a machine that has an older one, and ends as it ends. The child dies with this process, however that dies.
 *
 * @throws {Error} when there is no such package, as where development dependencies are left out
 */
export function runOnRightNode(program: string): void {
  const child = spawn(rightNode(), [program, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
}

/** In the child: ends when the process that has started it is gone. */
export function endWithParent(): void {
  if (process.channel) process.once('disconnect', () => process.exit(128 + constants.signals.SIGTERM));
}

function rightNode(): string {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    throw new Error(`Node ${NODE_MAJOR} is needed, and this is ${process.versions.node}`);
  }
}
