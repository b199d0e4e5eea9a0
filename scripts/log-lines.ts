import pretty from 'pino-pretty';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const format = pretty.prettyFactory({
  colorize: process.stdout.isTTY,
  ignore: 'service,context,request_id,trace_id,span_id,remote_address',
  translateTime: 'SYS:HH:MM:ss',
  singleLine: true,
});

/** Prints a service's JSON log for people, and what else it prints as it is. */
export function printLog(app: string, stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => {
    process.stdout.write(`${app.padEnd(9)}${line.startsWith('{') ? format(line) : `${line}\n`}`);
    onLine(line);
  });
}
