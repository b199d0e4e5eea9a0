import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a PostgreSQL server says about itself in its data directory. */
export interface PostmasterPid {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** The path of the file which a running, or a killed, server leaves in its data directory. */
export function postmasterPidFile(data: string): string {
  return join(data, 'postmaster.pid');
}

/** Reads the file; undefined when there is none, or it is not yet written. */
export async function readPostmasterPid(data: string): Promise<PostmasterPid | undefined> {
  const text = await readFile(postmasterPidFile(data), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  return pid > 0 ? { pid, port, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Whether the process with this id is a server of this data directory.
 *
 * After a reboot or a `kill -9` the number may belong to any process, which must never be signalled; the
 * command line tells. A zombie, whose command line is empty, is no server either: under a container's init
 * that reaps nothing it would stay for ever.
 */
export async function isServerOf(pid: number, data: string): Promise<boolean> {
  return (await commandLine(pid)).includes(` -D ${data} `);
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return args.replaceAll('\0', ' ');
  }
  return promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
