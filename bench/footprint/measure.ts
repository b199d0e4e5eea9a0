import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { whenReady } from '../../scripts/services.ts';

const REQUESTS = 5_000;
const CONNECTIONS = 8;
/** For what a start leaves behind to be collected. */
const SETTLE_MS = 3_000;

/** What one process takes. */
export interface Footprint {
  /** From the start of the process to the line that says it is ready. */
  readonly readyMs: number;
  /** Resident memory in bytes. */
  readonly idle: number;
  readonly loaded: number;
}

/** Starts a program, lets it settle, asks it for a page some thousand times, and ends it. */
export async function measure(
  file: string,
  path: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Footprint> {
  const began = performance.now();
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await whenReady(child);
  const readyMs = performance.now() - began;
  await delay(SETTLE_MS);
  const idle = residentMemory(child.pid);
  await Promise.all(Array.from({ length: CONNECTIONS }, () => ask(url + path, REQUESTS / CONNECTIONS)));
  const loaded = residentMemory(child.pid);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  return { readyMs, idle, loaded };
}

async function ask(url: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const response = await fetch(url);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  }
}

function residentMemory(pid: number | undefined): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
