import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const LEVELS: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const KNOWN = new Set(['level', 'time', 'service', 'context', 'msg', 'request_id', 'remote_address']);

/** Prints a service's JSON log for people, one line each; other lines are printed as they are. */
export function printLog(app: string, stream: Readable, onLine: (message: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => {
    const entry = parse(line);
    process.stdout.write(`${app.padEnd(9)}${entry ? forPeople(entry) : line}\n`);
    onLine(entry ? String(entry['msg']) : line);
  });
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function forPeople(entry: Record<string, unknown>): string {
  const time = new Date(Number(entry['time'])).toTimeString().slice(0, 8);
  const level = (LEVELS[Number(entry['level'])] ?? '').padEnd(6);
  const rest = Object.entries(entry).filter(([key]) => !KNOWN.has(key));
  const fields = rest.map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [time, level, entry['msg'], ...fields].join(' ');
}
