import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { endLeftoverServer } from '../leftover-server.js';

const FIXTURE = join(import.meta.dirname, 'owner.fixture.ts');
const TYPESCRIPT = join(import.meta.dirname, '../../../service-kit/src/testing/typescript-imports.ts');

/** Starts a process that owns the embedded database in `dataDir`, in a process group of its own. */
export function startOwner(dataDir: string) {
  const child = spawn(process.execPath, ['--import', TYPESCRIPT, FIXTURE, dataDir], { detached: true });
  const ended = once(child, 'close');
  const logged = text(child.stderr);
  const url = Promise.race([
    once(child.stdout, 'data').then(([chunk]) => String(chunk).trim()),
    ended.then(async () => Promise.reject(new Error(await logged))),
  ]);
  url.catch(() => undefined); // a spec that kills the process at its start does not ask
  return {
    child,
    /** The URL that it prints when ready; rejects with its last words when it ends before. */
    url,
    /** All that it has logged, once it has ended. */
    logged,
    /** Gives an order and waits for the end. */
    order: async (line: 'stop' | 'exit' | 'throw'): Promise<void> => {
      child.stdin.write(`${line}\n`);
      await ended;
    },
    /** Sends a signal and waits for the end. */
    kill: async (signal: NodeJS.Signals): Promise<void> => {
      child.kill(signal);
      await ended;
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

/** The process id of the server in `dataDir`. */
export function serverPid(dataDir: string): number {
  return Number.parseInt(readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8'), 10);
}

/** Waits until something has become so. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(2);
}

/** Gives a fresh folder to a piece of work, then ends what still runs in it and removes it. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-spec-'));
  try {
    await work(folder);
  } finally {
    await endLeftoverServer(join(folder, 'postgres/data'), () => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}
